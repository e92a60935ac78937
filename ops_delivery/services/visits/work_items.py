"""The work items of a visit: confirmed with the customer, started, done, or stopped for a superior (7.2.b.2, 5, 6)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import visit as domain
from ops_delivery.domain import visit_work
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import leftovers as visit_leftovers
from ops_delivery.services.visits.guards import find_item, move_item, require_name, require_phase
from ops_delivery.services.visits.types import locked


def confirm_work(doctype: str, name: str, person: str, by_customer: bool = False) -> None:
	"""Content and steps are confirmed with the customer: every proposed item may be done (7.2.b.2, 7.3.b.5)."""
	doc = locked(doctype, name, by_customer)
	require_phase(doc, 2)
	person = require_name(person)
	now = site_now()
	for row in doc.work_items:
		if row.state == domain.PROPOSED:
			row.state, row.confirmed_on = visit_work.move(row.state, "confirm", row.work), now
	if not doc.work_confirmed_on:
		doc.work_confirmed_with, doc.work_confirmed_on = person, now
	doc.save()


def start(doctype: str, name: str, item: str) -> None:
	"""Work on a confirmed item begins. A second tap changes nothing."""
	doc = locked(doctype, name)
	row = find_item(doc, item)
	if row.state == domain.STARTED:
		return
	require_phase(doc, 2)
	move_item(row, "start")
	row.started_on = row.started_on or site_now()
	row.done_by = frappe.session.user
	doc.save()


def finish(doctype: str, name: str, item: str, result: str = "") -> None:
	"""A started item is done, with its result. A second tap changes nothing."""
	doc = locked(doctype, name)
	row = find_item(doc, item)
	if row.state == domain.DONE:
		return
	require_phase(doc, 2)
	move_item(row, "finish")
	row.ended_on, row.done_by = site_now(), frappe.session.user
	row.result = cstr(result).strip() or None
	doc.save()


def leave_open(
	doctype: str,
	name: str,
	item: str,
	reason: str,
	treatment: str = "",
	owner: str | None = None,
	due: str | None = None,
) -> str:
	"""An item is not finished at this visit: it becomes a leftover, whose treatment is agreed before leaving."""
	doc = locked(doctype, name)
	row = find_item(doc, item)
	require_phase(doc, 2)
	if not cstr(reason).strip():
		frappe.throw(_("{0} is missing. {1}").format(_("Why"), _("The customer reads it on the sheet.")))
	move_item(row, "leave_open")
	row.ended_on, row.done_by, row.result = site_now(), frappe.session.user, cstr(reason).strip()
	doc.save()
	return visit_leftovers.add(doc, cstr(row.work)[:140], treatment, owner, due, description=reason)


def drop(doctype: str, name: str, item: str, reason: str = "") -> None:
	"""The customer does not want a proposed item."""
	doc = locked(doctype, name)
	row = find_item(doc, item)
	require_phase(doc, 2)
	if row.state != domain.PROPOSED:
		move_item(row, "drop_is_for_proposed")
	move_item(row, "drop")
	row.result = cstr(reason).strip() or None
	doc.save()

