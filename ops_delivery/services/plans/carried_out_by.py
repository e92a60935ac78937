"""What carries an activity out: the record it opened, and the state it takes from it (clause 5.3.a)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, flt, get_link_to_form, getdate

from ops_delivery.domain import activity_state
from ops_delivery.domain.planning import CANCELLED, COMPLETED, NOT_STARTED
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
	said = _said(record)
	activity.record_state = _(said.shown, context=record.doctype) if said.shown else ""
	activity.flags.from_record = True
	if said.progress is not None:
		activity.progress = said.progress
	if record.doctype == "Task":
		activity.actual_start = activity.actual_start or record.get("act_start_date")
		if said.state == COMPLETED and record.completed_on:
			activity.actual_end = getdate(record.completed_on)
		if flt(record.total_costing_amount) and _own_currency(record, activity):
			activity.actual_cost = flt(record.total_costing_amount)
	if said.state:
		activity.state = said.state
	start, end = activity.actual_start, activity.actual_end
	if start and end and getdate(start) > getdate(end):
		activity.actual_start = end


def _said(record) -> activity_state.Said:
	"""What a record says of its work, by the domain."""
	if record.doctype == "Maintenance Visit":
		return activity_state.of_maintenance_visit(record.docstatus, record.completion_status or "")
	if record.doctype == "Maintenance Schedule":
		visits = frappe.get_all(
			"Maintenance Schedule Detail",
			filters={"parent": record.name, "parenttype": "Maintenance Schedule"},
			pluck="completion_status",
			order_by="idx",
		)
		return activity_state.of_maintenance_schedule(record.docstatus, visits)
	share = {"Task": "progress", "Project": "percent_complete"}.get(record.doctype)
	shown = record.get("status") or record.get("state") or ""
	return activity_state.of_record(record.doctype, shown, flt(record.get(share)) if share else 0)


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


def _own_currency(record, activity) -> bool:
	company = record.get("company") or activity.company
	return frappe.get_cached_value("Company", company, "default_currency") == activity.currency
