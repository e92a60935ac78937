"""Agreements, plans and reports as their customer reads them: what was settled between us, as a page and as a PDF (5.2).

A document is shown from the phase in which its content is fixed: approved, signed or issued. What is only asked for
(a review, a signature) stands under Reviews.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.permissions import ownership, secrecy, secret_records
from ops_delivery.services.agreements import amounts
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.amounts import figures as amounts_used
from ops_delivery.services.amounts import versions
from ops_delivery.services.deliverables import watermark
from ops_delivery.services.papers import prints as documents
from ops_delivery.services.portal import document_content
from ops_delivery.services.reviews import signatures
from ops_delivery.services.reviews.readership import shown_to_customer
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.visits.types import KINDS

MOST = 50
OWN_PAGES = ("Deliverable", "Knowledge Article")
NOT_THEIRS = ("Cancelled", "Withdrawn")
ENDED = ("Completed", "Closed", "Followed Up", "Expired", "Terminated", "Superseded", "Rolled Back")


def types() -> list[str]:
	"""The kinds of document this page shows: the reviewed ones but visits and what else has pages of its own."""
	return [doctype for doctype in REGISTRY if doctype not in KINDS and doctype not in OWN_PAGES]


def listed(user: str) -> dict[str, list[dict[str, Any]]]:
	"""What is in force and what has ended, of the customers all of whose records the user sees: {current, ended}.

	One query a kind of document.
	"""
	customers = sorted(ownership.colleagues_visible(user))
	found: list[dict[str, Any]] = []
	for doctype in types() if customers else ():
		entry = REGISTRY[doctype]
		meta = frappe.get_meta(doctype)
		table = frappe.qb.DocType(doctype)
		query = (
			frappe.qb.from_(table)
			.select(table.name, table[entry.title_field].as_("title"), table.status, table.modified)
			.where(table[entry.customer].isin(customers) & table.status.isin(_shown(doctype)))
			.orderby(table.modified, order=frappe.qb.desc)
			.limit(MOST)
		)
		for field in (*agreements.PERIOD, "version"):
			if meta.has_field(field):
				query = query.select(table[field])
		if doctype in secrecy.REPORTS and (by_class := secrecy.portal_listed(table, user, doctype)) is not None:
			query = query.where(by_class)
		if meta.is_submittable:
			query = query.where(table.docstatus == 1)
		found += [_line(doctype, row) for row in query.run(as_dict=True)]
	return {
		"current": [row for row in found if not row["ended"]],
		"ended": [row for row in found if row["ended"]],
	}


def document(name: str, user: str) -> dict[str, Any]:
	"""One document for its page. frappe.PermissionError if the user may not see it."""
	doc = visible(name, user)
	return {
		**_line(doc.doctype, doc),
		"amounts": [_amount(row) for row in amounts_used.of_agreement(doc.name)] if doc.doctype == versions.AGREEMENT else [],
		"content_html": document_content.content_html(doc),
		"signatures": document_content.signatures_of(doc),
	}


def pdf(name: str, user: str) -> bytes:
	"""The same as a PDF; of a report as its class lets the customer take one. secret_records.NotForThisReader."""
	doc = visible(name, user)
	if doc.doctype not in secrecy.REPORTS:
		return printed(doc)
	secret_records.check(doc, acts.DOWNLOAD, user)
	return watermark.on_print(doc, printed(doc))


def printed(doc: Any) -> bytes:
	"""A document's own print format as a PDF for its customer: without what our own reviewers wrote."""
	with shown_to_customer():
		return documents.pdf(doc, frappe.get_meta(doc.doctype).default_print_format or doc.doctype)


def visible(name: str, user: str) -> Any:
	"""The document if the user may see it; the same answer whether it is another's or does not exist."""
	customers = ownership.colleagues_visible(user) if not ownership.is_staff(user) else set()
	for doctype in types() if name and customers else ():
		if not frappe.db.exists(doctype, name):
			continue
		doc = frappe.get_doc(doctype, name)
		submitted = doc.docstatus == 1 or not doc.meta.is_submittable
		if submitted and doc.status in _shown(doctype) and doc.get(REGISTRY[doctype].customer) in customers:
			if doctype in secrecy.REPORTS and not secrecy.on_portal(doc, user):
				break
			return doc
	raise frappe.PermissionError(
		_("There is no document {0} that you can see.").format(escape_html(cstr(name)))
	)


def _shown(doctype: str) -> tuple[str, ...]:
	entry = REGISTRY[doctype]
	return tuple(
		phase
		for phase in entry.all_phases
		if phase not in NOT_THEIRS and all(entry.is_fixed(part, phase) for part in entry.parts)
	)


def _line(doctype: str, row: Any) -> dict[str, Any]:
	start, end = row.get("start_date"), row.get("end_date") and agreements.last_day(row)
	ended = row.status in ENDED
	return {
		"path": f"/agreements/{row.name}",
		"name": row.name,
		"doctype": _(doctype),
		"title": text(row.get("title") or row.get(REGISTRY[doctype].title_field)) or row.name,
		"version": row.get("version"),
		"period": _("{0} to {1}", context="Ops Delivery").format(wording.day(start), wording.day(end))
		if start and end
		else "",
		"ended": ended,
		"state": {"text": _(row.status, context=doctype), "tone": "closed" if ended else "open"},
	}


def _amount(row: dict[str, Any]) -> dict[str, Any]:
	"""An agreed amount in words: what was used, planned and is left in the period that runs."""
	now = row["now"]
	said = {
		"title": text(row["title"]),
		"promise": text(row["promise"]),
		"about": text(" · ".join(filter(None, (row["counted"], row["rest"])))),
		"period": "",
		"used": 0,
		"figures": [],
	}
	if not now:
		return said
	figures = [(_("Used", context="Amount Entry"), now["used"]), (_("Planned", context="Amount Entry"), now["planned"])]
	if not row["unlimited"]:
		figures.append((_("Left", context="Amount Entry"), now["left"]))
	for name, label in (("carried", _("Carried over", context="Amount Entry")), ("extra", _("Beyond", context="Amount Entry"))):
		if now[name]:
			figures.append((label, now[name]))
	return {
		**said,
		"period": _("{0} to {1}", context="Ops Delivery").format(wording.day(now["from"]), wording.day(now["to"])),
		"used": None if row["unlimited"] else min(100, round(now["share"] or 0)),
		"figures": [(label, amounts.number(value)) for label, value in figures],
	}
