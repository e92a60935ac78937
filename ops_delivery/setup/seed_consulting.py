"""Seeds of consulting as data: the clock that reminds of a recommendation's day, and its policy (6.5.d)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

COMMITMENT, CALENDAR, POLICY = "Recommendation", "5×8 (lunch break)", "Overdue Recommendations"
WORKING_DAY = 480  # minutes

COMMITMENTS = {
	COMMITMENT: {
		"commitment": COMMITMENT,
		"sequence": 95,
		"description": "From the customer's decision on a recommendation until it is put into practice, or decided on again.",
	}
}

POLICIES = {
	POLICY: {
		"policy_name": POLICY,
		"description": "Reminds the owner of a recommendation a week before its day and when it is overdue, then tells the delivery managers.",
		"has_quiet_hours": 1,
		"quiet_from": "22:00:00",
		"quiet_to": "07:00:00",
		"steps": [
			{
				"step_name": "Reminder",
				"kind": "Warning",
				"moment": "Before",
				"basis": "Working Minutes",
				"amount": 5 * WORKING_DAY,
				"notify_assignee": 1,
				"by_desk": 1,
				"by_email": 1,
			},
			{
				"step_name": "Overdue",
				"kind": "Alarm",
				"moment": "At",
				"notify_assignee": 1,
				"by_desk": 1,
				"by_email": 1,
				"repeat_minutes": 1440,
				"max_repeats": 5,
			},
			{
				"step_name": "Delivery managers",
				"kind": "Manager Route",
				"moment": "After",
				"basis": "Working Minutes",
				"amount": 5 * WORKING_DAY,
				"notify_assignee": 0,
				"notify_role": "Delivery Manager",
				"by_desk": 1,
				"by_email": 1,
			},
		],
	}
}

RECORD_TYPES = {
	"Consulting Recommendation": {
		"document_type": "Consulting Recommendation",
		"customer_field": "customer",
		"priority_field": "",  # not None: that would take the field's default
		"object_field": "service_object",
		"agreement_field": "",
		"date_field": "decided_on",
		"status_field": "state",
	}
}

DEFINITIONS = {
	"Recommendation Put into Practice": {
		"definition_name": "Recommendation Put into Practice",
		"commitment": COMMITMENT,
		"document_type": "Consulting Recommendation",
		"description": "Runs from the customer's decision to the day it is done; its deadline is the recommendation's own day.",
		"start_when": 'doc.state in ("Decided", "In Progress") and doc.due_date',
		"meet_when": 'doc.state in ("Done", "Verified")',
		"cancel_when": 'doc.state in ("Proposed", "Dropped") or not doc.due_date',
		"own_terms": 1,
		"own_deadline_field": "due_date",
		"own_calendar": CALENDAR,
		"own_policy": POLICY,
	}
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield "Service Commitment", COMMITMENTS
	yield "Escalation Policy", POLICIES
	yield "Measured Record Type", RECORD_TYPES
	yield "Clock Definition", DEFINITIONS
