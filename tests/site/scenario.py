"""A complete small world for engine tests: calendar, scales, matrix, policy, definitions and an agreement in force."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import agreement_content
import factories
import frappe
from remembered import remembered

from ops_delivery.setup.demo_desk import sign_off

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)  # a Monday morning at opening time
PRIORITIES = ("Low", "Medium", "High", "Urgent")
LEVELS = {
	"Service Urgency": ("Not Urgent", "Urgent", "Very Urgent"),
	"Service Importance": ("Not Important", "Important", "Very Important"),
}
DEFINITIONS = {
	"First Response": {
		"start_when": "True",
		"meet_when": 'doc.first_responded_on or doc.status in ("Replied", "Resolved", "Closed")',
		"cancel_when": 'doc.ops_validity == "Invalid"',
		"meet_at_field": "first_responded_on",
	},
	"On-site Arrival": {
		"start_when": "doc.ops_onsite",
		"pause_when": 'doc.status == "On Hold"',
		"meet_when": "doc.ops_arrived_on",
		"cancel_when": 'not doc.ops_onsite or doc.ops_validity == "Invalid"',
		"start_at_field": "ops_onsite_requested_on",
		"meet_at_field": "ops_arrived_on",
	},
	"Restore": {
		"start_when": "True",
		"pause_when": 'doc.status == "On Hold"',
		"meet_when": 'doc.ops_restored_on or doc.status in ("Resolved", "Closed")',
		"cancel_when": 'doc.ops_validity == "Invalid"',
		"meet_at_field": "ops_restored_on",
	},
	"Resolution": {
		"start_when": "True",
		"pause_when": 'doc.status == "On Hold"',
		"meet_when": 'doc.status in ("Resolved", "Closed")',
		"cancel_when": 'doc.ops_validity == "Invalid"',
	},
}
SAID = {"change_from": "From now on", "change_reason": "For a test"}  # asked for where running clocks move
HOURS = {"Low": (8, 40), "Medium": (4, 24), "High": (1, 8), "Urgent": (0.5, 4)}
STEPS = (
	{"step_name": "Warning", "kind": "Warning", "moment": "Before", "basis": "Share of Target", "amount": 20},
	{
		"step_name": "Alarm",
		"kind": "Alarm",
		"moment": "At",
		"notify_managers": 1,
		"ignore_quiet_hours": 1,
		"repeat_minutes": 60,
		"max_repeats": 3,
	},
	{
		"step_name": "Manager",
		"kind": "Manager Route",
		"moment": "After",
		"basis": "Working Minutes",
		"amount": 60,
		"notify_managers": 1,
		"raise_priority": 1,
	},
)


@contextmanager
def at(moment: datetime):
	"""Within it the engine takes `moment` (aware) for now."""
	before = frappe.flags.ops_now
	frappe.flags.ops_now = moment
	try:
		yield moment
	finally:
		frappe.flags.ops_now = before


def hours(number: float) -> timedelta:
	return timedelta(hours=number)


def _ensure(doctype: str, name: str, /, **values) -> str:
	if not frappe.db.exists(doctype, name):
		factories.make(doctype, **values)
	return name


def basics() -> None:
	"""Scales, priorities, commitments and the four definitions of Issue, as far as the site has none."""
	for priority in PRIORITIES:
		_ensure("Issue Priority", priority, name=priority)
	_ensure("Issue Type", "Fault", name="Fault")
	for doctype, levels in LEVELS.items():
		for rank, level in enumerate(levels, start=1):
			_ensure(doctype, level, level=level, rank=rank)
	for sequence, commitment in enumerate(DEFINITIONS, start=1):
		_ensure("Service Commitment", commitment, commitment=commitment, sequence=sequence * 10)
	_ensure(
		"Measured Record Type",
		"Issue",
		document_type="Issue",
		customer_field="customer",
		priority_field="priority",
		object_field="ops_object",
		agreement_field="ops_agreement",
		status_field="status",
	)
	for commitment, conditions in DEFINITIONS.items():
		if not frappe.db.exists("Clock Definition", {"commitment": commitment, "document_type": "Issue"}):
			factories.make(
				"Clock Definition",
				definition_name=f"Issue: {commitment}",
				commitment=commitment,
				document_type="Issue",
				**conditions,
			)


def calendar(lunch: bool = True, **values):
	windows = (("09:00", "12:00"), ("13:00", "18:00")) if lunch else (("09:00", "18:00"),)
	return factories.make(
		"Service Calendar",
		**{
			"calendar_name": factories.unique("Weekdays"),
			"time_zone": "Asia/Shanghai",
			"windows": [
				{"weekday": day, "start_time": start, "end_time": end}
				for day in WEEK
				for start, end in windows
			],
			**values,
		},
	)


def matrix():
	urgency, importance = LEVELS.values()
	return factories.make(
		"Priority Matrix",
		matrix_name=factories.unique("Matrix"),
		priorities=[{"priority": priority} for priority in PRIORITIES],
		cells=[
			{"urgency": u, "importance": i, "priority": PRIORITIES[min(3, row + column)]}
			for row, u in enumerate(urgency)
			for column, i in enumerate(importance)
		],
	)


def policy(steps=STEPS, **values):
	return factories.make(
		"Escalation Policy",
		policy_name=factories.unique("Policy"),
		steps=[dict(step) for step in steps],
		**values,
	)


@remembered
def agreement(customer: str | None = None, submit: bool = True, **values):
	"""A submitted agreement for 2026 with First Response, Restore, Resolution and On-site Arrival per priority."""
	basics()
	customer = customer or factories.make_customer().name
	targets = []
	for priority, (response, resolution) in HOURS.items():
		targets += [
			{"commitment": "First Response", "priority": priority, "target": response * 3600},
			{"commitment": "On-site Arrival", "priority": priority, "target": resolution * 1800},
			{"commitment": "Restore", "priority": priority, "target": resolution * 2700},
			{"commitment": "Resolution", "priority": priority, "target": resolution * 3600},
		]
	manager = values.pop("manager", None) or factories.make_user(roles=["Service Delivery Manager"]).name
	document = frappe.get_doc(
		{
			"doctype": "Service Agreement",
			"title": factories.unique("Agreement"),
			"customer": customer,
			"company": factories.company(),
			"start_date": "2026-01-01",
			"end_date": "2027-12-31",
			"calendar": values.pop("calendar", None) or calendar().name,
			"priority_matrix": values.pop("priority_matrix", None) or matrix().name,
			"default_priority": "Medium",
			"escalation_policy": values.pop("escalation_policy", None) or policy().name,
			"targets": targets,
			"covers_all_objects": 1,
			"channels": [{"channel": "Phone", "address": "400-000-0000", "hours": "5×8"}],
			"contacts": [{"contact_role": "Escalation Manager", "level": 1, "user": manager}],
			**agreement_content.complete(),
			**values,
		}
	).insert(ignore_permissions=True)
	return sign_off.sign_off(document) if submit else document


def erpnext_sla():
	"""ERPNext's own SLA for every Issue, not inserted yet: a response in 4 hours, a resolution in 24."""
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	basics()
	holidays = factories.make(
		"Holiday List",
		holiday_list_name=factories.unique("Holidays"),
		from_date="2026-01-01",
		to_date="2027-12-31",
	)
	return frappe.get_doc(
		{
			"doctype": "Service Level Agreement",
			"document_type": "Issue",
			"service_level": factories.unique("SLA"),
			"enabled": 1,
			"default_service_level_agreement": 1,
			"apply_sla_for_resolution": 1,
			"holiday_list": holidays.name,
			"priorities": [
				{
					"priority": "Medium",
					"response_time": 14400,
					"resolution_time": 86400,
					"default_priority": 1,
				}
			],
			"sla_fulfilled_on": [{"status": "Resolved"}, {"status": "Closed"}],
			"pause_sla_on": [{"status": "On Hold"}],
			"support_and_resolution": [
				{"workday": day, "start_time": "09:00:00", "end_time": "18:00:00"} for day in WEEK
			],
		}
	)


def issue(agreement_doc, moment: datetime = MONDAY, **values):
	"""An Issue of the agreement's customer, reported at `moment`."""
	local = moment.astimezone(ZONE)
	values = {"opening_date": local.date(), "opening_time": local.time(), "description": "-", **values}
	with at(moment):
		return factories.make_issue(agreement_doc.customer, **values)


def change(issue_doc, moment: datetime, **values):
	"""Save an Issue at `moment` with other values."""
	with at(moment):
		document = frappe.get_doc("Issue", issue_doc.name)
		document.update(values)
		document.save(ignore_permissions=True)
		return document


def judge_valid(issue_doc, moment: datetime, **values):
	"""Triage: valid, a fault, urgent and important unless told otherwise."""
	return change(
		issue_doc,
		moment,
		**{
			"ops_validity": "Valid",
			"issue_type": "Fault",
			"ops_urgency": "Urgent",
			"ops_importance": "Important",
			**values,
		},
	)


def clock(issue_doc, commitment: str = "Resolution"):
	return frappe.db.get_value(
		"Service Clock",
		{"reference_doctype": "Issue", "reference_name": issue_doc.name, "commitment": commitment},
		"*",
		as_dict=True,
	)


def ledger(clock_row) -> list[str]:
	return frappe.get_all(
		"Service Clock Event", filters={"clock": clock_row.name}, pluck="kind", order_by="seq"
	)
