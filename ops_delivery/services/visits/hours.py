"""Time sheets of a visit: a draft of ERPNext's Timesheet for each engineer, with travel and work (7.2.d.3, 7.3.d.3).

The Timesheet names its visit, not the other way round: when it is cancelled or deleted nothing points to it any more,
and the visit offers a new one.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_datetime

from ops_delivery.domain import visit_hours as domain
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.site_time import to_utc, utc_now
from ops_delivery.services.visits.types import KINDS, label

TIMESHEET = "Timesheet"
SETTINGS = "Ops Delivery Settings"
NEVER, OFFERED, WHEN_LEFT = "Never", "Offered", "Made when Left"


class NotPossible(frappe.ValidationError):
	"""A Timesheet or Stock Entry cannot be made as the visit stands; the message says the way out."""


def note(doc) -> None:
	"""At the end of a visit: hours that nobody typed in follow from departure, arrival and leaving."""
	for row in doc.engineers:
		if not row.from_time and not row.to_time:
			row.from_time, row.to_time = doc.arrived_on, doc.left_on
			row.work_hours = row.work_hours or doc.hours_on_site
		if doc.get("departed_on") and not flt(row.travel_hours):
			seconds = (get_datetime(doc.arrived_on) - get_datetime(doc.departed_on)).total_seconds()
			row.travel_hours = flt(max(0, seconds) / 3600, 2)


def check_moments(doc) -> None:
	"""Refuse hours that somebody is to have been there which end before they begin, or after now once the visit is over."""
	for row in doc.engineers:
		if row.from_time and row.to_time and get_datetime(row.to_time) < get_datetime(row.from_time):
			frappe.throw(
				_("Engineers, row {0}: {1} lies before {2}. Correct one of the two.").format(
					row.idx,
					frappe.format(row.to_time, "Datetime"),
					frappe.format(row.from_time, "Datetime"),
				)
			)
		for name in ("from_time", "to_time") if doc.left_on else ():
			if row.get(name) and to_utc(row.get(name)) > utc_now():
				frappe.throw(
					_("Engineers, row {0}: {1} {2} lies in the future, and the visit is over. Enter when it was.").format(
						row.idx,
						frappe.bold(_(row.meta.get_label(name), context=row.doctype)),
						frappe.format(row.get(name), "Datetime"),
					)
				)


def timesheets(doc) -> list[frappe._dict]:
	"""The Timesheets of a visit that are not cancelled: name, employee, employee_name, status, total_hours."""
	return frappe.get_all(
		TIMESHEET,
		filters={"ops_visit_type": doc.doctype, "ops_visit": doc.name, "docstatus": ["<", 2]},
		fields=["name", "employee", "employee_name", "status", "total_hours"],
		order_by="creation, name",
	)


def missing(doc) -> list[Any]:
	"""The engineers' rows that have no Timesheet of this visit yet."""
	recorded = {row.employee for row in timesheets(doc)}
	employees = employees_of(doc)
	return [row for row in doc.engineers if employees.get(row.user) not in recorded]


def employees_of(doc) -> dict[str, str]:
	"""user -> active Employee, for the engineers of a visit."""
	users = [row.user for row in doc.engineers]
	rows = frappe.get_all(
		"Employee",
		filters={"user_id": ["in", users or [""]], "status": "Active"},
		fields=["user_id", "name"],
		order_by="creation desc",
	)
	return {row.user_id: row.name for row in rows}


def make(doc, row, ignore_permissions: bool = False) -> str:
	"""The draft Timesheet of one engineer of a visit that is over; the caller holds the visit's lock.

	NotPossible where the engineer is no Employee, an hour is missing or an Activity Type is not chosen; ERPNext's
	own errors, such as overlapping hours, come with the engineer's row.
	"""
	where = _("Engineers, row {0} ({1})").format(row.idx, escape_html(cstr(row.full_name or row.user)))
	employee = employees_of(doc).get(row.user)
	if not employee:
		raise_not_possible(
			where,
			_(
				"{0} is not the user of an active Employee. Create the Employee with this User ID, or take the row out."
			).format(escape_html(row.user)),
		)
	project, task = work_of(doc)
	sheet = frappe.get_doc(
		{
			"doctype": TIMESHEET,
			"employee": employee,
			"company": frappe.db.get_value("Employee", employee, "company"),
			"customer": doc.customer,
			"parent_project": project,
			"note": escape_html(doc.title),
			"ops_visit_type": doc.doctype,
			"ops_visit": doc.name,
			"time_logs": [
				{
					"activity_type": _activity(doc, span.kind),
					"from_time": span.start,
					"to_time": span.end,
					"hours": span.hours,
					"project": project,
					"task": task,
					"description": cstr(doc.title),
				}
				for span in _spans(doc, row, where)
			],
		}
	)
	sheet.flags.ignore_permissions = ignore_permissions
	with passed_on(where):
		sheet.insert()
	return sheet.name


def check(timesheet, _method: str | None = None) -> None:
	"""doc_events Timesheet.validate: one Timesheet a visit and employee, whichever way the second one comes."""
	if not timesheet.get("ops_visit") or timesheet.docstatus == 2:
		return
	other = frappe.db.get_value(
		TIMESHEET,
		{
			"ops_visit_type": timesheet.ops_visit_type,
			"ops_visit": timesheet.ops_visit,
			"employee": timesheet.employee,
			"docstatus": ["<", 2],
			"name": ["!=", timesheet.name or ""],
		},
	)
	if other:
		frappe.throw(
			_("{0} of {1} is recorded in {2} already. Change that one, or cancel it first.").format(
				timesheet.ops_visit, escape_html(cstr(timesheet.employee_name or timesheet.employee)), other
			)
		)


def work_of(doc) -> tuple[str | None, str | None]:
	"""(Project, Task) that a visit is done for, as far as what it is because of names them."""
	name = doc.reference_name
	if not name:
		return None, None
	if doc.reference_doctype == "Task":
		return frappe.db.get_value("Task", name, "project"), name
	if doc.reference_doctype == "Issue":
		return frappe.db.get_value("Issue", name, "project"), None
	if doc.reference_doctype == "Delivery Activity":
		plan = frappe.db.get_value("Delivery Activity", name, "plan")
		return (frappe.db.get_value("Delivery Plan", plan, "project") if plan else None), None
	return None, None


def wanted(fieldname: str) -> str:
	"""What the settings say of Timesheets or Stock Entries: Never, Offered (also where nothing is said) or Made when Left."""
	return frappe.get_cached_doc(SETTINGS).get(fieldname) or OFFERED


def raise_not_possible(where: str, reason: str) -> None:
	"""NotPossible with the row it is about."""
	frappe.throw(f"{where}: {reason}", NotPossible, title=_("Not possible yet"))


class passed_on:
	"""with passed_on(where): ERPNext's own refusals come with the row they are about."""

	def __init__(self, where: str):
		self.where = where

	def __enter__(self):
		return self

	def __exit__(self, kind, error, _trace) -> None:
		if kind and issubclass(kind, frappe.ValidationError) and kind is not NotPossible:
			frappe.clear_last_message()
			raise_not_possible(self.where, cstr(error))


def _spans(doc, row, where: str) -> list[domain.Span]:
	moments = [
		get_datetime(value) if value else None
		for value in (row.from_time, row.to_time, doc.get("departed_on"))
	]
	start, end, departed = moments
	with guard(where):
		return domain.spans(start, end, flt(row.work_hours), flt(row.travel_hours), departed)


def _activity(doc, kind: str) -> str:
	remote = not KINDS[doc.doctype].signed
	fieldname = (
		"activity_travel" if kind == domain.TRAVEL else "activity_remote" if remote else "activity_onsite"
	)
	settings = frappe.get_cached_doc(SETTINGS)
	found = settings.get(fieldname)
	if not found:
		raise_not_possible(
			_(SETTINGS),
			_("{0} is not chosen. Choose an Activity Type.").format(frappe.bold(label(settings, fieldname))),
		)
	return found
