"""What visits and sessions leave open: noted with its agreed treatment, tracked, and shown at the next visit.

Clauses 7.2.a.1, 7.2.c.2, 7.2.d.4, 7.3.a.1, 7.3.c.1, 7.3.d.4.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain.states import LEFTOVER_SETTLED
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared import todos
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import superior_requests as visit_requests
from ops_delivery.services.visits.types import KINDS, LEFTOVER, SESSION, SHEET, kind_of

OPEN = ("Open", "In Progress")
SIGNED = ("subject", "treatment")
MOST_SHOWN = 10


def add(
	doc,
	subject: str,
	treatment: str = "",
	owner: str | None = None,
	due: str | None = None,
	agreed_with: str = "",
	blocks: bool = True,
	description: str = "",
) -> str:
	"""Note something a visit leaves open; the Service Leftover. It blocks closing the request unless told otherwise."""
	if not cstr(subject).strip():
		frappe.throw(_("What is left: say in a few words what is left over."))
	return (
		frappe.get_doc(
			{
				"doctype": LEFTOVER,
				"subject": cstr(subject).strip()[:140],
				"treatment": cstr(treatment).strip() or None,
				"agreed_with": cstr(agreed_with).strip()[:140] or None,
				"owner_user": owner or None,
				"due_date": getdate(due) if due else None,
				"blocks_closing": cint(blocks),
				"description": cstr(description).strip() or None,
				"customer": doc.customer,
				"service_object": doc.service_object,
				"source_doctype": doc.doctype,
				"source_name": doc.name,
			}
		)
		.insert()
		.name
	)


def check(leftover) -> None:
	"""What was agreed and signed stays as it is once the visit is over; for services.leftovers."""
	doc = frappe.get_doc(leftover.source_doctype, leftover.source_name)
	before = leftover.get_doc_before_save()
	if doc.status not in kind_of(doc).phases[4:]:
		return
	if not before:
		frappe.throw(
			_("{0} is {1}: its leftovers were agreed with the customer. Note this on a new record.").format(
				doc.name, frappe.bold(_(doc.status, context=doc.doctype))
			)
		)
	for field in SIGNED:
		if cstr(before.get(field)).strip() != cstr(leftover.get(field)).strip():
			frappe.throw(
				_(
					"{0}: the customer agreed to this with {1}. What is done differently goes to {2} or {3}."
				).format(
					frappe.bold(_(leftover.meta.get_label(field), context=LEFTOVER)),
					doc.name,
					_("Description"),
					_("Result"),
				)
			)


def follow(leftover) -> None:
	"""After a leftover was written: it is on its owner's list, and a signature under another text is void."""
	if leftover.source_doctype in KINDS:
		signatures.void_changed(frappe.get_doc(leftover.source_doctype, leftover.source_name))
	before = leftover.get_doc_before_save()
	if leftover.state in LEFTOVER_SETTLED:
		if before and before.state not in LEFTOVER_SETTLED:
			todos.close(leftover)
	elif leftover.owner_user and (not before or before.owner_user != leftover.owner_user):
		todos.take_back(leftover)
		todos.give(leftover, leftover.owner_user, escape_html(leftover.subject), leftover.due_date)


def forget(leftover) -> None:
	"""Before a leftover is deleted: not when the customer has signed for it."""
	doc = frappe.get_doc(leftover.source_doctype, leftover.source_name)
	if doc.status in kind_of(doc).phases[4:]:
		frappe.throw(
			_(
				"{0} was agreed with the customer and cannot be deleted. Set it to {1}, with the result."
			).format(leftover.name, _("Waived"))
		)


def after_delete(leftover) -> None:
	"""A signature under a text with this leftover is void."""
	if leftover.source_doctype in KINDS and frappe.db.exists(leftover.source_doctype, leftover.source_name):
		signatures.void_changed(frappe.get_doc(leftover.source_doctype, leftover.source_name))


def forget_requests(doc) -> None:
	"""A cancelled visit asks nobody for anything any more."""
	visit_requests.withdraw(doc)


def earlier(doc) -> dict[str, Any]:
	"""What to know before going: earlier visits to the same object, else customer, and what is still open there.

	{visits, leftovers}; only what the reader may read, the newest visits and the most overdue leftovers first.
	"""
	if not doc.customer:
		return {"visits": [], "leftovers": []}
	same = [["customer", "=", doc.customer], ["name", "!=", doc.name], ["status", "!=", "Cancelled"]]
	if doc.service_object:
		same.append(["service_object", "=", doc.service_object])
	visits = []
	for doctype, (field, times) in product((SHEET, SESSION), _before(doc).items()):
		if not frappe.has_permission(doctype, "read"):
			continue
		visits += [
			{**row, "doctype": doctype, "phase": _(row.status, context=doctype)}
			for row in frappe.get_list(
				doctype,
				filters=[*same, *times],
				fields=["name", "title", "status", "arrived_on", "planned_start", "outcome", "outcome_note"],
				order_by=f"{field} desc",
				limit=MOST_SHOWN,
			)
		]
	visits.sort(key=lambda row: str(row["arrived_on"] or row["planned_start"] or ""), reverse=True)
	return {"visits": visits[:MOST_SHOWN], "leftovers": still_open(doc)}


def _before(doc) -> dict[str, list[list[Any]]]:
	"""Field -> filters of what took place, or was to, before this visit does: what is planned for later is no earlier visit."""
	start = doc.arrived_on or doc.planned_start or site_now() + timedelta(seconds=1)  # what came about up to now
	return {
		"arrived_on": [["arrived_on", "is", "set"], ["arrived_on", "<", start]],
		"planned_start": [
			["arrived_on", "is", "not set"],
			["planned_start", "is", "set"],
			["planned_start", "<", start],
		],
	}


def still_open(doc) -> list[dict[str, Any]]:
	"""What is still open at the visit's object and customer, from whatever it came, not from this visit itself."""
	if not doc.customer or not frappe.has_permission(LEFTOVER, "read"):
		return []
	rows = frappe.get_list(
		LEFTOVER,
		filters={"customer": doc.customer, "state": ["in", OPEN], "source_name": ["!=", doc.name or ""]},
		fields=["name", "subject", "state", "treatment", "due_date", "owner_user", "service_object"]
		+ ["source_doctype", "source_name"],
		order_by="due_date, creation",
		limit=MOST_SHOWN * 2,
	)
	today = site_now().date()
	for row in rows:
		row.overdue = bool(row.due_date and row.due_date < today)
		row.here = bool(doc.service_object and row.service_object == doc.service_object)
	return sorted(rows, key=lambda row: not row.here)


def blocking(issue: str) -> list[frappe._dict]:
	"""The open leftovers that keep a request from being resolved or closed: its own and those of its visits."""
	sources = [("Issue", issue)]
	for doctype in KINDS:
		sources += [
			(doctype, name)
			for name in frappe.get_all(
				doctype,
				filters={"reference_doctype": "Issue", "reference_name": issue},
				pluck="name",
				order_by="name",
			)
		]
	names = {name for _doctype, name in sources}
	rows = frappe.get_all(
		LEFTOVER,
		filters={"source_name": ["in", list(names)], "state": ["in", OPEN], "blocks_closing": 1},
		fields=["name", "subject", "source_doctype", "source_name"],
		order_by="creation",
	)
	return [row for row in rows if (row.source_doctype, row.source_name) in sources]
