"""Seeds of consulting as data: the clock that reminds of a recommendation's day, and its policy (6.5.d)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.setup import reminder_policy_seed as overdue

COMMITMENT, CALENDAR, POLICY = "Recommendation", "5×8 (lunch break)", "Overdue Recommendations"
WORKING_DAY = 480  # minutes

COMMITMENTS = {
	COMMITMENT: {
		"commitment": COMMITMENT,
		"sequence": 95,
		"description": "From the customer's decision on a recommendation until it is put into practice, or decided on again.",
	}
}

POLICIES = overdue.policy(
	POLICY,
	"Reminds the owner of a recommendation a week before its day and when it is overdue, then tells the delivery managers.",
	reminder=("Working Minutes", 5 * WORKING_DAY),
	repeats=5,
	managers_after=5 * WORKING_DAY,
)

RECORD_TYPES = overdue.record_type("Consulting Recommendation", object_field="service_object", date_field="decided_on")

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
