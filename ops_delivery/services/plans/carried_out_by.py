"""What carries an activity out: the record it opened, and the state it takes from it (clause 5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_link_to_form, getdate

from ops_delivery.domain import planning
from ops_delivery.permissions import steps
from ops_delivery.services.plans import record_values as plan_records
from ops_delivery.services.scope import active_rules as every_save

# the record types that can carry an activity out, per service content; the first is proposed
TYPES = {
	"Routine Operation": ("Task", "Maintenance Schedule", "Maintenance Visit", "Project"),
	"Response Support": ("Task", "Issue"),
	"Optimization and Improvement": ("Optimization Plan", "Service Handover", "Project", "Task"),
	"Consultation and Evaluation": ("Consulting Plan", "Service Handover", "Task", "Project"),
	"Management and Reporting": ("Task", "Project"),
}
FOLLOWED = (
	"Task",
	"Issue",
	"Project",
	"Maintenance Schedule",
	"Maintenance Visit",
	"Service Handover",
	"Optimization Plan",
	"Consulting Plan",
)
WATCHED = (
	"status",
	"state",
	"progress",
	"completion_status",
	"docstatus",
	"total_costing_amount",
	"percent_complete",
)
NOT_STARTED, IN_PROGRESS, COMPLETED, ON_HOLD, CANCELLED = planning.STATES
STATES = {
	"Task": {
		"Open": NOT_STARTED,
		"Working": IN_PROGRESS,
		"Pending Review": IN_PROGRESS,
		"Overdue": None,  # says when, not whether it was begun
		"Completed": COMPLETED,
		"Cancelled": CANCELLED,
	},
	"Issue": {
		"Open": IN_PROGRESS,
		"Replied": IN_PROGRESS,
		"On Hold": ON_HOLD,
		"Resolved": COMPLETED,
		"Closed": COMPLETED,
	},
	"Project": {"Open": None, "Completed": COMPLETED, "Cancelled": CANCELLED},
	"Service Handover": {
		"Proposed": NOT_STARTED,
		"Accepted": NOT_STARTED,
		"Started": IN_PROGRESS,
		"Done": COMPLETED,
		"Declined": ON_HOLD,
	},
	"Optimization Plan": {
		"In Progress": IN_PROGRESS,
		"Trial Run": IN_PROGRESS,
		"Closed": COMPLETED,
		"Rolled Back": ON_HOLD,
		"Cancelled": CANCELLED,
	},
	"Consulting Plan": {"In Progress": IN_PROGRESS, "Completed": COMPLETED, "Cancelled": CANCELLED},
}


def choices(service_content: str) -> list[str]:
	"""The record types that this site has and the user may create for an activity of that content."""
	return [
		doctype
		for doctype in TYPES.get(service_content or "", TYPES["Management and Reporting"])
		if frappe.db.exists("DocType", doctype) and frappe.has_permission(doctype, "create")
	]


def linkable() -> list[str]:
	"""The record types of this site that an activity can be linked with."""
	return [
		doctype
		for doctype in FOLLOWED
		if frappe.db.exists("DocType", doctype) and frappe.has_permission(doctype, "read")
	]


def create(activity: str, doctype: str, item: str | None = None, person: str | None = None) -> dict[str, str]:
	"""Open the record that carries an activity out, with its facts: {doctype, name}. The user's permissions decide.

	`item` (Item) and `person` (Sales Person) are what ERPNext's maintenance records cannot do without.
	"""
	doc = frappe.get_doc("Delivery Activity", activity)
	doc.check_permission("write")
	if doc.record:
		frappe.throw(
			_("{0} is carried out in {1} already.").format(
				frappe.bold(escape_html(doc.subject)), get_link_to_form(doc.record_type, doc.record)
			)
		)
	if doctype not in choices(doc.service_content):
		frappe.throw(
			_("Carried out in: {0} cannot be opened here. Choose one of: {1}").format(
				frappe.bold(escape_html(doctype)), ", ".join(_(kind) for kind in choices(doc.service_content))
			)
		)
	plan = frappe.get_doc("Delivery Plan", doc.plan)
	record = frappe.get_doc({"doctype": doctype, **plan_records.values(doc, plan, doctype, item, person)})
	if record.meta.has_field("company") and not record.get("company"):
		record.company = plan.company
	if doctype == "Maintenance Schedule":
		record.generate_schedule()
	record.insert()
	doc.update({"record_type": doctype, "record": record.name})
	steps.take(doc).save()
	record.add_comment(
		"Info",
		_("carries out {0} of the delivery plan {1}").format(
			get_link_to_form("Delivery Activity", doc.name, doc.subject),
			get_link_to_form("Delivery Plan", plan.name, plan.title),
		),
	)
	return {"doctype": doctype, "name": record.name}


def link(activity: str, doctype: str, name: str) -> dict[str, str]:
	"""Let an existing record carry an activity out."""
	frappe.get_doc(doctype, name).check_permission("read")
	doc = frappe.get_doc("Delivery Activity", activity)
	doc.check_permission("write")
	doc.update({"record_type": doctype, "record": name})
	steps.take(doc).save()
	return {"doctype": doctype, "name": name}


def check_link(doc) -> None:
	"""Whether that record can carry the activity out: its type is known, and it carries out no other one."""
	if doc.record_type not in FOLLOWED:
		frappe.throw(
			_("{0}: an activity cannot take its state from {1}. Choose one of: {2}").format(
				frappe.bold(_(doc.meta.get_label("record_type"), context=doc.doctype)),
				frappe.bold(_(cstr(doc.record_type))),
				", ".join(_(kind) for kind in FOLLOWED if frappe.db.exists("DocType", kind)),
			)
		)
	other = frappe.db.get_value(
		"Delivery Activity",
		{
			"record_type": doc.record_type,
			"record": doc.record,
			"name": ["!=", doc.name],
			"state": ["!=", CANCELLED],
		},
		["name", "subject"],
		as_dict=True,
	)
	if other:
		frappe.throw(
			_("{0} carries out {1} already. Choose another record.").format(
				get_link_to_form(doc.record_type, doc.record),
				get_link_to_form("Delivery Activity", other.name, other.subject),
			)
		)


def take_state(doc) -> None:
	"""Set an activity's state, progress, dates and cost to what its record says."""
	if not frappe.db.exists(doc.record_type, doc.record):
		frappe.throw(
			_("{0}: there is no {1} {2}.").format(
				frappe.bold(_(doc.meta.get_label("record"), context=doc.doctype)),
				_(doc.record_type),
				frappe.bold(escape_html(doc.record)),
			)
		)
	apply(doc, frappe.get_doc(doc.record_type, doc.record))


def apply(activity, record) -> None:
	"""What a record says, put into the activity (not saved)."""
	shown = record.get("status") or record.get("state") or ""
	state = STATES.get(record.doctype, {}).get(shown)
	if record.doctype in ("Maintenance Visit", "Maintenance Schedule"):
		state, shown = _maintenance(record, activity)
	activity.record_state = _state_shown(record.doctype, shown)
	activity.flags.from_record = True
	if record.doctype == "Task":
		if flt(record.progress) and state != COMPLETED:
			activity.progress = min(99, flt(record.progress))
			state = state or IN_PROGRESS
			state = IN_PROGRESS if state == NOT_STARTED else state
		activity.actual_start = activity.actual_start or record.get("act_start_date")
		if state == COMPLETED and record.completed_on:
			activity.actual_end = getdate(record.completed_on)
		if flt(record.total_costing_amount) and _own_currency(record, activity):
			activity.actual_cost = flt(record.total_costing_amount)
	elif record.doctype == "Project":
		if flt(record.percent_complete) and not state:
			state, activity.progress = IN_PROGRESS, min(99, flt(record.percent_complete))
	if state:
		activity.state = state
	start, end = activity.actual_start, activity.actual_end
	if start and end and getdate(start) > getdate(end):
		activity.actual_start = end


def follow(doc, _method: str | None = None) -> None:
	"""doc_events of the followed types. Queries only when a field that says how far the work is has changed."""
	if not doc.get_doc_before_save():
		return  # a new record carries nothing out yet: it is linked once it is there
	if not any(
		doc.has_value_changed(field) for field in WATCHED if doc.meta.has_field(field) or field == "docstatus"
	):
		return
	_pass_on(doc)
	if doc.doctype == "Maintenance Visit" and doc.get("maintenance_schedule"):
		_pass_on(frappe.get_doc("Maintenance Schedule", doc.maintenance_schedule))
	if doc.doctype == "Task" and doc.project and doc.status in ("Completed", "Cancelled"):
		# its last task ends a project without saving it
		for name in _carried_out_by("Project", doc.project):
			_save(name, frappe.get_doc("Project", doc.project))


def catch_up(plan: str) -> None:
	"""The plan was approved: what its records said before counts now."""
	for row in frappe.get_all(
		"Delivery Activity",
		filters={"plan": plan, "record": ["is", "set"]},
		fields=["name", "record_type", "record"],
		order_by="name",
	):
		if frappe.db.exists(row.record_type, row.record):
			_save(row.name, frappe.get_doc(row.record_type, row.record))


def forget(doc, _method: str | None = None) -> None:
	"""on_trash of the followed types: a record that goes is taken out of its activity, which keeps its state."""
	for name in _carried_out_by(doc.doctype, doc.name):
		activity = frappe.get_doc("Delivery Activity", name)
		activity.update({"record_type": None, "record": None})
		activity.flags.ignore_links = True
		steps.take(activity).save(ignore_permissions=True)


def _pass_on(doc) -> None:
	if doc.doctype not in every_save.asked().carrying:
		return
	for name in _carried_out_by(doc.doctype, doc.name):
		_save(name, doc)


def _carried_out_by(doctype: str, name: str) -> list[str]:
	return frappe.get_all(
		"Delivery Activity",
		filters={"record": name, "record_type": doctype},
		pluck="name",
		order_by="name",
	)


def _save(name: str, record) -> None:
	activity = frappe.get_doc("Delivery Activity", name)
	apply(activity, record)
	if frappe.db.get_value("Delivery Plan", activity.plan, "approved_on") or activity.state in (
		NOT_STARTED,
		CANCELLED,
	):
		steps.take(activity).save(ignore_permissions=True)


def _maintenance(record, activity) -> tuple[str | None, str]:
	if record.docstatus == 2:
		return CANCELLED, "Cancelled"
	if record.doctype == "Maintenance Visit":
		if record.docstatus == 0:
			return NOT_STARTED, "Draft"
		return (
			COMPLETED if record.completion_status == "Fully Completed" else IN_PROGRESS
		), record.completion_status
	if record.docstatus == 0:
		return NOT_STARTED, "Draft"
	visits = frappe.get_all(
		"Maintenance Schedule Detail",
		filters={"parent": record.name, "parenttype": "Maintenance Schedule"},
		pluck="completion_status",
		order_by="idx",
	)
	done = sum(status == "Fully Completed" for status in visits)
	if visits and done == len(visits):
		return COMPLETED, "Completed"
	activity.progress = min(99, 100 * done / len(visits)) if visits else 0
	return (IN_PROGRESS if done else NOT_STARTED), "Submitted"


def _state_shown(doctype: str, value: str) -> str:
	return _(value, context=doctype) if value else ""


def _own_currency(record, activity) -> bool:
	company = record.get("company") or activity.company
	return frappe.get_cached_value("Company", company, "default_currency") == activity.currency
