"""Seeds of complaints and improvement actions as data: their clocks and policies, and the words on how complaints go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.setup import reminder_policy_seed as overdue

COMPLAINT, ACTION = "Service Complaint", "Improvement Action"
CALENDAR = "5×8 (lunch break)"
WORKING_DAY = 8 * 3600  # seconds
ACKNOWLEDGE, RESOLVE, IMPROVE = "Complaint Acknowledgement", "Complaint Result", "Improvement"
LATE_COMPLAINTS, LATE_IMPROVEMENTS = "Overdue Complaints", "Overdue Improvements"

COMMITMENTS = {
	name: {"commitment": name, "sequence": 96, "description": description}
	for name, description in {
		ACKNOWLEDGE: "From a complaint's arrival until the customer hears that we have it. Ours, for every complaint.",
		RESOLVE: "From a complaint's arrival (or appeal) until the customer is told the result. Ours, for every complaint.",
		IMPROVE: "From the opening of an improvement action to its end. Its own day, not promised in general.",
	}.items()
}


def _policies() -> dict[str, dict[str, Any]]:
	"""Nobody may be assigned yet while a complaint waits for its acknowledgement, so the managers are told at once.
	Who is complained about is left out, whatever their role (permissions/confidential.py)."""
	complaints = overdue.policy(
		LATE_COMPLAINTS,
		"Reminds the handler and the delivery managers of a complaint before its time and when it is overdue.",
	)
	for step in complaints[LATE_COMPLAINTS]["steps"][:2]:
		step["notify_role"] = MANAGER
	return complaints | overdue.policy(
		LATE_IMPROVEMENTS,
		"Reminds the owner of an improvement action, then tells the delivery managers that it is overdue.",
	)


POLICIES = _policies()

RECORD_TYPES = {
	**overdue.record_type(
		COMPLAINT, status_field="status", object_field="service_object", date_field="received_on"
	),
	**overdue.record_type(ACTION, object_field="service_object"),
}

DEFINITIONS = {
	ACKNOWLEDGE: {
		"commitment": ACKNOWLEDGE,
		"document_type": COMPLAINT,
		"description": "Runs from a complaint's arrival to its acknowledgement: one working day to begin with.",
		"start_when": 'doc.status == "Received"',
		"start_at_field": "received_on",
		"meet_when": "doc.acknowledged_on",
		"meet_at_field": "acknowledged_on",
		"cancel_when": 'doc.status == "Withdrawn"',
		"own_target": WORKING_DAY,
		"own_policy": LATE_COMPLAINTS,
	},
	RESOLVE: {
		"commitment": RESOLVE,
		"document_type": COMPLAINT,
		"description": "Runs from a complaint's arrival to the result, ten working days to begin with; an appeal starts it anew.",
		"start_when": 'doc.status == "Received"',
		"start_at_field": "received_on",
		"meet_when": 'doc.status in ("Result Told", "Closed")',
		"reset_when": 'doc.status == "Appealed"',
		"cancel_when": 'doc.status == "Withdrawn"',
		"own_target": 10 * WORKING_DAY,
		"own_policy": LATE_COMPLAINTS,
	},
	IMPROVE: {
		"commitment": IMPROVE,
		"document_type": ACTION,
		"description": "Runs from the opening of an improvement action to its end; its deadline is its own day.",
		"start_when": 'doc.state not in ("Closed", "Withdrawn") and doc.due_date',
		"meet_when": 'doc.state == "Closed"',
		"cancel_when": 'doc.state == "Withdrawn" or not doc.due_date',
		"own_deadline_field": "due_date",
		"own_policy": LATE_IMPROVEMENTS,
	},
}

PROCESS = (
	"Every complaint is put on record and acknowledged within one working day. Somebody handles it who is independent: "
	"not complained about, not in the same reporting line, not assigned to the matter. Those complained about see "
	"neither the complaint nor who made it, unless you choose otherwise. Within ten working days you hear the result "
	"and its reasons. If you do not agree you can appeal; then somebody else looks at it, one level up."
)
PROCESS_ZH = (
	"每一件投诉都会登记在案，并在一个工作日内受理告知。办理人保持独立：不是被投诉人，不在同一汇报线上，也未参与所投诉的事项。"
	"除非您另行选择，被投诉人既看不到投诉内容，也看不到投诉人。十个工作日内告知处理结果及理由。"
	"若不同意结果，可提出申诉，由上一级的其他人员重新办理。"
)
CHANNELS = "On this page, by the link in our mails, by telephone or mail to our service desk."
CHANNELS_ZH = "可在本页面、通过我方邮件中的链接、致电或发邮件至服务台提出投诉。"
# Ops Delivery Settings: both languages, so that the customer reads theirs
SETTINGS = {
	"complaint_process": PROCESS,
	"complaint_process_zh": PROCESS_ZH,
	"complaint_channels": CHANNELS,
	"complaint_channels_zh": CHANNELS_ZH,
	"complaint_appeals": 2,
	"complaint_answer_days": 14,
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield "Service Commitment", COMMITMENTS
	yield "Escalation Policy", POLICIES
	yield "Measured Record Type", RECORD_TYPES
	yield (
		"Clock Definition",
		{
			name: {"definition_name": name, "own_terms": 1, "own_calendar": CALENDAR, **values}
			for name, values in DEFINITIONS.items()
		},
	)
