"""Asking a superior from the site: an unforeseen problem or an extra wish waits for their answer (7.2.b.6, 7.3.b.6)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.utils import cstr, escape_html

from ops_delivery.domain import visit as domain
from ops_delivery.permissions import steps
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff
from ops_delivery.permissions.role_names import EXPERT, MANAGER
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits.guards import find_item, move_item, require_phase
from ops_delivery.services.visits.types import KINDS, REQUEST, locked

PROBLEM, WISH, BEYOND = "Unforeseen Problem", "Extra Wish", "Beyond the Agreement"
WAITING, GRANTED, DECLINED, WITHDRAWN = "Waiting", "Granted", "Declined", "Withdrawn"
SUPERIOR_ROLES = (MANAGER, EXPERT)


def check(doc) -> None:
	"""A request is written by these services only: what was asked and answered is evidence."""
	if not steps.is_taken(doc):
		frappe.throw(
			_("Requests are asked on the visit and answered by their buttons, not edited."),
			frappe.PermissionError,
		)


def refuse_deletion(doc) -> None:
	"""A request goes only with a visit that never took place."""
	if frappe.db.exists(doc.reference_doctype, doc.reference_name):
		frappe.throw(_("{0} is evidence and cannot be deleted.").format(doc.name), frappe.PermissionError)


def superiors() -> list[dict[str, str]]:
	"""Whom one may ask: enabled staff who manage delivery or are technical experts, but not oneself."""
	users = frappe.get_all(
		"Has Role",
		filters={"role": ["in", SUPERIOR_ROLES], "parenttype": "User"},
		pluck="parent",
		order_by="parent",
		distinct=True,
	)
	rows = frappe.get_all(
		"User",
		filters={"name": ["in", users or [""]], "enabled": 1, "user_type": "System User"},
		fields=["name as value", "full_name as label"],
		order_by="full_name",
	)
	return [row for row in rows if row.value not in (frappe.session.user, ADMINISTRATOR)]


def ask(
	doctype: str, name: str, kind: str, question: str, superior: str, item: str = "", work: str = ""
) -> str:
	"""Stop an item (or, for an extra wish, add one) until the named superior answers; the Field Service Request."""
	doc = locked(doctype, name)
	require_phase(doc, 2)
	question = cstr(question).strip()
	if not question:
		frappe.throw(_("Say what you ask your superior."), title=_("Question missing"))
	if superior not in {row["value"] for row in superiors()}:
		frappe.throw(
			_("Superior: {0} cannot be asked. Choose somebody else with the role {1}.").format(
				escape_html(cstr(superior)), _(" or ").join(_(role) for role in SUPERIOR_ROLES)
			)
		)
	if kind == WISH:
		if not cstr(work).strip():
			frappe.throw(_("Say what the customer wishes in addition."), title=_("Wish missing"))
		row = doc.append("work_items", {"work": cstr(work).strip(), "state": domain.PROPOSED, "extra": 1})
	elif kind == PROBLEM:
		row = find_item(doc, item)
	else:
		frappe.throw(
			_("Kind: {0} is not known. Choose {1} or {2}.").format(
				escape_html(cstr(kind)), _(PROBLEM), _(WISH)
			)
		)
	move_item(row, "stop")
	doc.save()
	request = _new(doc, kind, question, superior, work_item=row.name, work=row.work)
	row.request = request.name
	doc.save()
	_put_on_list(doc, request)
	return request.name


def ask_beyond(doc, question: str, superior: str) -> str:
	"""Ask whether a visit, session or routine task may go beyond what was agreed; it stops nothing. The request."""
	request = _new(doc, BEYOND, question, superior)
	_put_on_list(doc, request)
	return request.name


def answer(request: str, granted: bool, text: str = "") -> str:
	"""The named superior grants or declines; the request's new state. Nobody else's answer counts."""
	doc = frappe.get_doc(REQUEST, request, for_update=True)
	if frappe.session.user != doc.superior or not is_staff():
		raise frappe.PermissionError(
			_("Only {0}, who was asked, can answer this.").format(frappe.utils.get_fullname(doc.superior))
		)
	if doc.state != WAITING:
		frappe.throw(
			_("{0} is answered already: {1}.").format(doc.name, frappe.bold(_(doc.state, context=REQUEST)))
		)
	if not granted and not cstr(text).strip():
		frappe.throw(_("Say why you decline: the engineer tells the customer."), title=_("Answer missing"))
	doc.update(
		{
			"state": GRANTED if granted else DECLINED,
			"answer": cstr(text).strip() or None,
			"answered_by": frappe.session.user,
			"answered_on": site_now(),
		}
	)
	_write(doc)
	if doc.kind == BEYOND:  # it stopped no item
		_close_todo(doc)
		return doc.state
	visit = frappe.get_doc(doc.reference_doctype, doc.reference_name, for_update=True)
	steps.take(visit)
	row = find_item(visit, doc.work_item)
	if granted:
		move_item(row, "grant")
		row.confirmed_on = row.confirmed_on or site_now()
	else:
		move_item(row, "drop" if doc.kind == WISH else "decline")
		row.result = doc.answer
	visit.save(ignore_permissions=True)
	_close_todo(doc)
	return doc.state


def of(doc) -> list[frappe._dict]:
	"""The requests of a visit, oldest first."""
	return frappe.get_all(
		REQUEST,
		filters={"reference_doctype": doc.doctype, "reference_name": doc.name},
		fields=["name", "kind", "work", "work_item", "question", "superior", "state"]
		+ ["asked_by", "asked_on", "answer", "answered_by", "answered_on"],
		order_by="creation, name",
	)


def withdraw(doc) -> None:
	"""The visit or task is cancelled: nobody needs to answer any more."""
	for name in frappe.get_all(
		REQUEST,
		filters={"reference_doctype": doc.doctype, "reference_name": doc.name, "state": WAITING},
		pluck="name",
		order_by="name",
	):
		request = frappe.get_doc(REQUEST, name, for_update=True)
		request.state = WITHDRAWN
		_write(request)
		_close_todo(request)


def _new(doc, kind: str, question: str, superior: str, **about: str):
	request = frappe.new_doc(REQUEST)
	request.update(
		{
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"customer": doc.customer,
			"kind": kind,
			"question": question,
			"superior": superior,
			"state": WAITING,
			"asked_by": frappe.session.user,
			"asked_on": site_now(),
			**about,
		}
	)
	_write(request)
	return request


def _put_on_list(doc, request) -> None:
	assign_to.add(
		{
			"doctype": REQUEST,
			"name": request.name,
			"assign_to": [request.superior],
			"description": escape_html(f"{doc.title}: {request.question}"),
			"priority": "High",
		},
		ignore_permissions=True,
	)


def _write(request) -> None:
	steps.take(request)
	request.save(ignore_permissions=True)


def _close_todo(request) -> None:
	assign_to.close_all_assignments(REQUEST, request.name, ignore_permissions=True)


__all__ = ("KINDS", "answer", "ask", "of", "superiors")
