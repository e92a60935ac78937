"""The seeds as data. Names are English; the site's translations show them in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.setup import seed_plans

WORKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
WEEK = (*WORKDAYS, "Saturday", "Sunday")
MATRIX = "Standard 3×3"

ISSUE_PRIORITIES = {"Low": {}, "Medium": {}, "High": {}, "Urgent": {}}

ISSUE_TYPES = {"Fault": {}, "Service Request": {}, "Enquiry": {}}

CALENDARS = {
	"5×8 (lunch break)": {
		"calendar_name": "5×8 (lunch break)",
		"windows": [
			{"weekday": day, "start_time": start, "end_time": end}
			for day in WORKDAYS
			for start, end in (("09:00:00", "12:00:00"), ("13:00:00", "18:00:00"))
		],
	},
	"7×24": {
		"calendar_name": "7×24",
		"windows": [{"weekday": day, "start_time": "00:00:00", "end_time": "00:00:00"} for day in WEEK],
	},
}

URGENCIES = {
	"Not Urgent": {
		"level": "Not Urgent",
		"rank": 1,
		"description": "It can wait: work goes on, or there is a way round it.",
	},
	"Urgent": {
		"level": "Urgent",
		"rank": 2,
		"description": "It must be handled today: work is hampered and the way round it is costly.",
	},
	"Very Urgent": {
		"level": "Very Urgent",
		"rank": 3,
		"description": "It must be handled at once: work stands still, or damage grows by the hour.",
	},
}

IMPORTANCES = {
	"Not Important": {
		"level": "Not Important",
		"rank": 1,
		"description": "The object serves few people or no business process.",
	},
	"Important": {
		"level": "Important",
		"rank": 2,
		"description": "The object serves a department or supports a business process.",
	},
	"Very Important": {
		"level": "Very Important",
		"rank": 3,
		"description": "The customer's core business runs on the object.",
	},
}

# Rows: urgency, lowest first; columns: importance, lowest first
MATRIX_CELLS = {
	"Not Urgent": ("Low", "Low", "Medium"),
	"Urgent": ("Low", "Medium", "High"),
	"Very Urgent": ("Medium", "High", "Urgent"),
}

MATRICES = {
	MATRIX: {
		"matrix_name": MATRIX,
		"priorities": [{"priority": priority} for priority in ISSUE_PRIORITIES],
		"cells": [
			{"urgency": urgency, "importance": importance, "priority": priority}
			for urgency, row in MATRIX_CELLS.items()
			for importance, priority in zip(IMPORTANCES, row, strict=True)
		],
	}
}

COMMITMENTS = {
	"First Response": {
		"commitment": "First Response",
		"sequence": 10,
		"description": "From the report to the first answer by a person.",
	},
	"On-site Arrival": {
		"commitment": "On-site Arrival",
		"sequence": 20,
		"description": "From the request for on-site support to the arrival of the engineer.",
	},
	"Restore": {
		"commitment": "Restore",
		"sequence": 30,
		"description": "From the report until the service works again, if need be by a workaround.",
	},
	"Resolution": {
		"commitment": "Resolution",
		"sequence": 40,
		"description": "From the report until the cause is dealt with and the result is offered for acceptance.",
	},
}

RECORD_TYPES = {
	"Issue": {
		"document_type": "Issue",
		"customer_field": "customer",
		"priority_field": "priority",
		"object_field": "ops_object",
		"agreement_field": "ops_agreement",
		"date_field": None,
		"status_field": "status",
	}
}

_ON_HOLD = 'doc.status == "On Hold"'
_INVALID = 'doc.ops_validity == "Invalid"'

DEFINITIONS = {
	"First Response": {
		"definition_name": "First Response",
		"commitment": "First Response",
		"document_type": "Issue",
		"description": "Runs from the report until somebody answers. Waiting for the customer does not stop it.",
		"start_when": "True",
		"meet_when": 'doc.first_responded_on or doc.status in ("Replied", "Resolved", "Closed")',
		"cancel_when": _INVALID,
		"meet_at_field": "first_responded_on",
	},
	"On-site Arrival": {
		"definition_name": "On-site Arrival",
		"commitment": "On-site Arrival",
		"document_type": "Issue",
		"description": "Runs from the request for on-site support until the engineer arrives; stands still once it is resolved without, and ends when it is closed.",
		"start_when": "doc.ops_onsite",
		"pause_when": 'doc.status in ("On Hold", "Resolved", "Closed")',
		"meet_when": "doc.ops_arrived_on",
		"cancel_when": f'not doc.ops_onsite or (doc.status == "Closed" and not doc.ops_arrived_on) or {_INVALID}',
		"start_at_field": "ops_onsite_requested_on",
		"meet_at_field": "ops_arrived_on",
	},
	"Restore": {
		"definition_name": "Restore",
		"commitment": "Restore",
		"document_type": "Issue",
		"description": "Runs until the service works again; stands still while the issue is on hold.",
		"start_when": "True",
		"pause_when": _ON_HOLD,
		"meet_when": 'doc.ops_restored_on or doc.status in ("Resolved", "Closed")',
		"cancel_when": _INVALID,
		"meet_at_field": "ops_restored_on",
	},
	"Resolution": {
		"definition_name": "Resolution",
		"commitment": "Resolution",
		"document_type": "Issue",
		"description": "Runs until the issue is resolved; stands still on hold, and goes on when it is reopened.",
		"start_when": "True",
		"pause_when": _ON_HOLD,
		"meet_when": 'doc.status in ("Resolved", "Closed")',
		"cancel_when": _INVALID,
	},
}

POLICIES = {
	"Standard Escalation": {
		"policy_name": "Standard Escalation",
		"description": "Warns the assignee, raises the alarm at the deadline, then calls managers and experts.",
		"has_quiet_hours": 1,
		"quiet_from": "22:00:00",
		"quiet_to": "07:00:00",
		"steps": [
			{
				"step_name": "Warning",
				"kind": "Warning",
				"moment": "Before",
				"basis": "Share of Target",
				"amount": 20,
				"notify_assignee": 1,
				"by_desk": 1,
				"by_email": 1,
			},
			{
				"step_name": "Alarm",
				"kind": "Alarm",
				"moment": "At",
				"notify_assignee": 1,
				"notify_managers": 1,
				"contact_level": 1,
				"by_desk": 1,
				"by_email": 1,
				"ignore_quiet_hours": 1,
				"repeat_minutes": 60,
				"max_repeats": 3,
			},
			{
				"step_name": "Expert route",
				"kind": "Expert Route",
				"moment": "After",
				"basis": "Working Minutes",
				"amount": 30,
				"notify_assignee": 0,
				"notify_experts": 1,
				"contact_level": 1,
				"by_desk": 1,
				"by_email": 1,
			},
			{
				"step_name": "Manager route",
				"kind": "Manager Route",
				"moment": "After",
				"basis": "Working Minutes",
				"amount": 60,
				"notify_assignee": 0,
				"notify_managers": 1,
				"contact_level": 2,
				"by_desk": 1,
				"by_email": 1,
				"raise_priority": 1,
			},
		],
	}
}

# Seeds on ERPNext's types: where their names are used, so that uninstall takes only those that nothing uses.
USED_BY = {
	"Issue Type": (("Issue", "issue_type"),),
	"Issue Priority": (("Issue", "priority"), ("Service Level Priority", "priority")),
	"Workflow State": (
		("Workflow Document State", "state"),
		("Workflow Transition", "state"),
		("Workflow Transition", "next_state"),
	),
	"Workflow Action Master": (("Workflow Transition", "action"),),
	"Role Profile": (("User", "role_profile_name"), ("User Role Profile", "role_profile")),  # 15, 16
	"Activity Type": (("Timesheet Detail", "activity_type"), ("Activity Cost", "activity_type")),
}
