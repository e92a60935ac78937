"""What the customer's pages show of reviews and signatures (5.2, 5.2.i, 5.3.h, 5.4.g, 6.4.b, 6.5.c). Everything is for their eyes.

Texts come out plain, except where a key ends in `_html`: that is sanitized and may be printed as it is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.permissions import owned_rows, ownership
from ops_delivery.services.portal import document_content
from ops_delivery.services.reviews import decisions as review_answers
from ops_delivery.services.reviews import signatures, signing
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.shared.locale import moment, text
from ops_delivery.services.shared.site_time import has_passed

EARLIER = 20
MOST_WAITING = 50
SHOWN = ("name", "reference_doctype", "reference_name", "reference_title", "state", "due_on", "requested_on")


def listed(user: str) -> dict[str, list[dict[str, Any]]]:
	"""What waits for a user of the customer's side, and what was decided before: {waiting, earlier}."""
	review = frappe.qb.DocType(reviews.DOCTYPE)
	rows = (
		frappe.qb.from_(review)
		.select(*(review[name] for name in (*SHOWN, "concluded_on", "document_version")))
		.where(owned_rows.reviews_visible(review, user) & (review.state != reviews.WITHDRAWN))
		.orderby(review.requested_on, order=frappe.qb.desc)
		.limit(200)
	).run(as_dict=True)
	waiting = [_line(row) for row in rows if row.state == reviews.OPEN]
	return {
		"waiting": [*_to_sign(user), *waiting],
		"earlier": [_line(row) for row in rows if row.state != reviews.OPEN][:EARLIER],
	}


def waiting(user: str) -> list[dict[str, Any]]:
	"""What waits for a user's decision or signature: {text, url, due, late}. Two queries, and two a kind that is signed."""
	review = frappe.qb.DocType(reviews.DOCTYPE)
	rows = (
		frappe.qb.from_(review)
		.select(*(review[name] for name in SHOWN), review.document_version)
		.where(owned_rows.reviews_visible(review, user) & (review.state == reviews.OPEN))
		.orderby(review.due_on)
		.limit(MOST_WAITING)
	).run(as_dict=True)
	lines = [_line(row) for row in rows]
	return [
		*(
			{"text": _("Sign {0}").format(f"{_(doctype)} {title}"), "url": f"/reviews/sign/{name}", "due": ""}
			for doctype, name, title in _unsigned(user)
		),
		*(
			{
				"text": _("Review {0}").format(f"{line['doctype']} {line['title']}"),
				"url": line["path"],
				"due": line["due"],
				"late": line["late"],
			}
			for line in lines
		),
	]


def _unsigned(user: str) -> list[tuple[str, str, str]]:
	"""(DocType, name, title) of what this customer is to sign; a signature that holds is Valid, a changed text voids it."""
	customers = sorted(ownership.colleagues_visible(user))
	found = []
	for doctype in _signed_types() if customers else ():
		entry = REGISTRY[doctype]
		before = entry.phases[entry.rank(entry.signed_before) - 1]
		table, given = frappe.qb.DocType(doctype), frappe.qb.DocType(signatures.DOCTYPE)
		signed = (
			frappe.qb.from_(given)
			.select(given.reference_name)
			.where(
				(given.reference_doctype == doctype)
				& (given.party == signatures.CUSTOMER)
				& (given.state == signatures.VALID)
			)
		)
		found += [
			(doctype, name, text(title) or name)
			for name, title in (
				frappe.qb.from_(table)
				.select(table.name, table[entry.title_field])
				.where(
					table[entry.customer].isin(customers) & (table.status == before) & (table.docstatus == 0)
				)
				.where(table.name.notin(signed))
				.orderby(table.modified, order=frappe.qb.desc)
				.limit(MOST_WAITING)
			).run()
		]
	return found


def review(name: str, user: str) -> dict[str, Any]:
	"""One review as its customer may see it. frappe.PermissionError if the user may not."""
	found = review_answers.visible(name, user)
	doc = frappe.get_doc(found.reference_doctype, found.reference_name)
	changed = found.content_hash != content_hash(doc, found.part or "")
	return {
		**_line(found),
		"party": found.party,
		"part": _(found.part, context="Service Review") if found.part else "",
		"open": found.state == reviews.OPEN and not changed,
		"changed": changed,
		"requested": moment(found.requested_on),
		"decisions": [
			{
				"by": text(row.full_name),
				"decision": _(row.decision, context="Service Review Participant"),
				"rejected": row.decision == "Rejected",
				"when": moment(row.decided_on),
				"opinion": text(row.opinion),
			}
			for row in found.participants
			if row.decision != reviews.PENDING
		],
		"content_html": document_content.content_html(doc, found.part or ""),
	}


def to_sign(name: str, user: str) -> dict[str, Any]:
	"""A document the customer is asked to sign, or has signed. frappe.PermissionError if the user may not see it."""
	doctype = next((t for t in _signed_types() if name and frappe.db.exists(t, name)), "")
	doc = signing.visible(doctype, name, user)
	return {
		"doctype": _(doc.doctype),
		"name": doc.name,
		"title": text(doc.get(REGISTRY[doc.doctype].title_field)),
		"version": doc.get("version"),
		"open": signing.asked_for(doc),
		"content": content_hash(doc),
		"signatures": document_content.signatures_of(doc),
		"content_html": document_content.content_html(doc),
	}


def sign(name: str, form: Any) -> None:
	"""The customer's user signs by the form of the page."""
	doctype = next((t for t in _signed_types() if name and frappe.db.exists(t, name)), "")
	if form.get("agreed") != "1":
		frappe.throw(_("Tick that you have read the document and sign it for your organization."))
	if doctype:
		document_content.content_of(frappe.get_doc(doctype, name))
	signing.on_portal(
		doctype,
		name,
		cstr(form.get("signer_name")),
		cstr(form.get("signer_title")),
		cstr(form.get("content")),
	)


def _line(row: Any) -> dict[str, Any]:
	late = row.state == reviews.OPEN and has_passed(row.due_on)
	return {
		"name": row.name,
		"path": f"/reviews/{row.name}",
		"document": row.reference_name,
		"doctype": _(row.reference_doctype),
		"title": text(row.reference_title) or row.reference_name,
		"version": row.document_version,
		"due": moment(row.due_on) if row.state == reviews.OPEN else "",
		"late": bool(late),
		"state": _state(row.state),
	}


def _state(state: str) -> dict[str, str]:
	return {
		reviews.OPEN: {"text": _("Waiting for your decision"), "tone": "waiting"},
		"Approved": {"text": _("Approved", context="Service Review"), "tone": "open"},
		"Rejected": {"text": _("Rejected", context="Service Review"), "tone": "paused"},
		reviews.OUTDATED: {"text": _("Replaced by a later text"), "tone": "closed"},
	}.get(state, {"text": _(state, context="Service Review"), "tone": "closed"})


def _to_sign(user: str) -> list[dict[str, Any]]:
	"""Documents in the phase before both parties have signed that lack this customer's signature."""
	customers = sorted(ownership.colleagues_visible(user))
	found = []
	for doctype in _signed_types() if customers else ():
		entry = REGISTRY[doctype]
		before = entry.phases[entry.rank(entry.signed_before) - 1]
		for name in frappe.get_all(
			doctype,
			filters={entry.customer: ["in", customers], "status": before, "docstatus": 0},
			pluck="name",
			order_by="modified desc",
		):
			doc = frappe.get_doc(doctype, name)
			if signing.asked_for(doc):
				found.append(
					{
						"path": f"/reviews/sign/{name}",
						"document": name,
						"doctype": _(doctype),
						"title": text(doc.get(entry.title_field)) or name,
						"version": doc.get("version"),
						"state": {"text": _("Waiting for your signature"), "tone": "waiting"},
					}
				)
	return found


def _signed_types() -> list[str]:
	return [doctype for doctype, entry in REGISTRY.items() if entry.signed_before]
