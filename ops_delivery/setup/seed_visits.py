"""Seeds of visits as data: checklists to begin with, the review of contingency plans, the clock of leftovers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.setup import reminder_policy_seed as overdue

SHEET, SESSION = "Field Service Sheet", "Remote Support Session"
COMMITMENT, CALENDAR, POLICY = "Leftover", "5×8 (lunch break)", "Overdue Leftovers"
CONTINGENCY = "Contingency Plan"


def _point(stage: str, question: str, hint: str = "", **values: Any) -> dict[str, Any]:
	return {
		"stage": stage,
		"question": question,
		"hint": hint,
		"answer_type": "Yes/No",
		"required": 1,
		**values,
	}


_SECURITY = (
	_point(
		"Before Leaving",
		"Temporary accounts and permissions are removed",
		"Also those that the customer made for us",
	),
	_point(
		"Before Leaving",
		"No data was copied without authorization, and none goes with us",
		"Devices, memory sticks, screenshots, log files",
	),
)
_AFTER = (
	_point("After", "The record of the delivered service is updated", "Request, configuration, knowledge"),
	_point("After", "A way to solve every leftover is found and its owner knows of it"),
)

TEMPLATES = {
	"On-site visit": {
		"for_doctype": SHEET,
		"description": "What every visit needs. Add templates of your own for a content, a kind of object or a customer; the points are joined.",
		"items": [
			_point("Before", "Tools and measuring devices are packed and work"),
			_point("Before", "Documents, drawings and the service sheet for signing are packed"),
			_point(
				"Before",
				"Spare parts are packed, with their serial numbers noted",
				"Not applicable where none is needed",
			),
			_point(
				"Before",
				"Security preparations are made as the customer requires",
				"Identity papers, registration, clean devices, permits",
			),
			_point("During", "The rules of the site were explained to us and are kept"),
			_point("During", "Work follows the security requirements", "People, operations, data, tools"),
			_point("During", "Photo before the work", answer_type="Photo", required=0),
			_point("During", "Photo after the work", answer_type="Photo", required=0),
			_point("Before Leaving", "The place is tidy or as we found it"),
			*_SECURITY,
			*_AFTER,
		],
	},
	"Remote session": {
		"for_doctype": SESSION,
		"description": "What every remote session needs.",
		"items": [
			_point(
				"Before", "The connection is secure: encrypted, approved by the customer, our own account"
			),
			_point("Before", "The connection is stable enough for the work"),
			_point("Before", "The systems and accounts that are needed are available"),
			_point(
				"During", "The customer is kept informed during the session", "Telephone or chat stays open"
			),
			_point("During", "The customer's rules are kept"),
			_point("During", "Work follows the security requirements", "People, operations, data, tools"),
			*_SECURITY,
			*_AFTER,
		],
	},
}


def _rule(doctype: str, party: str, text: str, days: int) -> dict[str, Any]:
	return {
		"document_type": doctype,
		"part": CONTINGENCY,
		"needed_before": "Prepared",
		"party": party,
		"role": MANAGER if party == "Internal" else None,
		"approvals": 1,
		"days_until_due": days,
		"condition": 'doc.risk == "Complex or Risky"',
		"description": text,
	}


_OURS = "A complex or risky job is done after its contingency plan was reviewed."
_THEIRS = "Before a remote session the customer reviews the contingency plan, too."
RULES = {
	"Visit: contingency plan": _rule(SHEET, "Internal", _OURS, 1),
	"Remote session: contingency plan": _rule(SESSION, "Internal", _OURS, 1),
	"Remote session: contingency plan (customer)": _rule(SESSION, "Customer", _THEIRS, 1),
}

COMMITMENTS = {
	COMMITMENT: {
		"commitment": COMMITMENT,
		"sequence": 95,
		"description": "From noting a leftover to its end. Agreed with the customer for each leftover, not promised in general.",
	}
}

POLICIES = overdue.policy(
	POLICY,
	"Reminds the owner of a leftover, then tells the delivery managers that it is overdue.",
)

RECORD_TYPES = overdue.record_type("Service Leftover", object_field="service_object")

DEFINITIONS = {
	"Leftover": {
		"definition_name": "Leftover",
		"commitment": COMMITMENT,
		"document_type": "Service Leftover",
		"description": "Runs from the day a leftover is noted to its end; its deadline is the day agreed for it.",
		"start_when": 'doc.state in ("Open", "In Progress") and doc.due_date',
		"meet_when": 'doc.state in ("Solved", "Waived")',
		"cancel_when": "not doc.due_date",
		"own_terms": 1,
		"own_deadline_field": "due_date",
		"own_calendar": CALENDAR,
		"own_policy": POLICY,
	}
}

# setting -> the Activity Type that Timesheets of visits begin with
ACTIVITIES = {
	"activity_onsite": "On-site Work",
	"activity_travel": "Travel",
	"activity_remote": "Remote Support",
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield (
		"Checklist Template",
		{name: {"template_name": name, "enabled": 1, **values} for name, values in TEMPLATES.items()},
	)
	yield "Service Commitment", COMMITMENTS
	yield "Escalation Policy", POLICIES
	yield "Measured Record Type", RECORD_TYPES
	yield "Clock Definition", DEFINITIONS
	yield "Review Rule", {name: {"rule_name": name, **values} for name, values in RULES.items()}
	yield "Activity Type", {name: {"activity_type": name} for name in ACTIVITIES.values()}
