"""Seeds of deliverables as data: the specification's types, security classes, the review before publication, and their clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.domain.deliverables import effects, secrecy
from ops_delivery.permissions.role_names import AUDITOR, MANAGER
from ops_delivery.services.reports.sections import SECTIONS
from ops_delivery.setup import reminder_policy_seed as overdue

DELIVERABLE = "Deliverable"
COMMITMENT, CALENDAR, POLICY = "Deliverable", "5×8 (lunch break)", "Overdue Deliverables"
ROUTINE, RESPONSE = "Routine Operation", "Response Support"
OPTIMIZATION, CONSULTING = "Optimization and Improvement", "Consultation and Evaluation"
PUBLIC, INTERNAL, CONFIDENTIAL, SECRET = "For the Public", "Internal Use", "Confidential", "Strictly Confidential"

_ALL = dict.fromkeys(secrecy.ACTS, 1)
_NAMED = [{"who": who, **_ALL} for who in (*secrecy.PERSONS, secrecy.READERS)]
# how a new site begins; a site from before keeps what it had (patches/open_security_classes.py)
CLASSES: dict[str, dict[str, Any]] = {
	PUBLIC: {"rank": 10, "description": "May be given to anybody", "logged": 0},
	INTERNAL: {"rank": 20, "description": "For both parties' own people"},
	CONFIDENTIAL: {
		"rank": 30,
		"description": "For the people it is addressed to",
		"restricted": 1,
		"grants": [
			{"who": secrecy.ROLE, "role": MANAGER, **_ALL},
			{"who": secrecy.ROLE, "role": AUDITOR, secrecy.LIST: 1, secrecy.OPEN: 1},
			*_NAMED,
		],
		"watermark": 1,
	},
	SECRET: {
		"rank": 40,
		"description": "For persons who are named",
		"restricted": 1,
		"grants": _NAMED,
		"portal": secrecy.NAMED,
		"watermark": 1,
		"unstamped": 0,
	},
}

# name: (service content, what the result shows, what belongs in it)
RESULTS = {
	"Running State Known": (ROUTINE, effects.RUNNING_STATE, "The customer knows whether each object is normal, at risk or abnormal"),
	"Normal Running Restored (Routine)": (ROUTINE, effects.RESTORED, "What routine work found abnormal runs normally again"),
	"Potential Risk Removed": (ROUTINE, effects.RISK_REMOVED, "A risk that routine work found is gone"),
	"Satisfaction with Routine Operation": (ROUTINE, effects.SATISFACTION, "The customer is more satisfied with routine operation"),
	"Normal Running Restored (Response)": (RESPONSE, effects.RESTORED, "After a fault the object runs normally again"),
	"Knowledge Passed On": (RESPONSE, effects.KNOWLEDGE, "Knowledge of operation is passed on to the customer"),
	"Satisfaction with Response Support": (RESPONSE, effects.SATISFACTION, "The customer is more satisfied with response support"),
	"Performance Raised": (OPTIMIZATION, effects.PERFORMANCE, "The object performs better than before"),
	"Functions Completed": (OPTIMIZATION, effects.FUNCTIONS, "The object does more of what is needed than before"),
	"Satisfaction with Optimization": (OPTIMIZATION, effects.SATISFACTION, "The customer is more satisfied with optimization"),
	"Objects Evaluated": (CONSULTING, effects.EVALUATION, "The objects are measured and evaluated"),
	"Planning Advice Given": (CONSULTING, effects.ADVICE, "The customer has advice on planning the objects"),
	"Satisfaction with Consulting": (CONSULTING, effects.SATISFACTION, "The customer is more satisfied with consultation"),
}
# name: (service content, format, what belongs in it)
DOCUMENTS = {
	"Running-State Record": (ROUTINE, "PDF", "Objects, readings, verdicts, who and when"),
	"Abnormality Handling Record": (ROUTINE, "PDF", "What was abnormal, what was done, when it was normal again"),
	"Trend Analysis and Risk Advice": (ROUTINE, "PDF", "How readings developed, where they lead, and what is advised"),
	"Routine Satisfaction Report": (ROUTINE, "PDF", "Who was asked, what they answered, what follows"),
	"Other Routine Report": (ROUTINE, "PDF", ""),
	"Response Support Record": (RESPONSE, "PDF", "Each request with its course, times and result"),
	"Key Indicator Data": (RESPONSE, "Excel", "Attainment of the agreement, quantity, distribution, trend"),
	"Major Incident Report": (RESPONSE, "PDF", "Course, causes, effects, measures, what is learned"),
	"Response Satisfaction Report": (RESPONSE, "PDF", "Who was asked, what they answered, what follows"),
	"Other Response Report": (RESPONSE, "PDF", ""),
	"Optimization Plan with Reviews": (OPTIMIZATION, "PDF", "The plan and the record of its review"),
	"Implementation Plan with Reviews": (OPTIMIZATION, "PDF", "The implementation plan and the record of its review"),
	"Change and Release Report": (OPTIMIZATION, "PDF", "What was changed and released, and how it went"),
	"Optimization Satisfaction Report": (OPTIMIZATION, "PDF", "Who was asked, what they answered, what follows"),
	"Other Optimization Report": (OPTIMIZATION, "PDF", ""),
	"Consulting Plan Document": (CONSULTING, "PDF", "Goals, scope, people, dates, deliverables"),
	"Consulting Analysis Report": (CONSULTING, "PDF", "The present state, what was found, what it means"),
	"Proposal or Advice with Reviews": (CONSULTING, "PDF", "The proposal or advice and the record of its review"),
	"Consulting Satisfaction Report": (CONSULTING, "PDF", "Who was asked, what they answered, what follows"),
	"Other Consulting Report": (CONSULTING, "PDF", ""),
}

TYPES: dict[str, dict[str, Any]] = {
	**{
		name: {"kind": "Intangible", "service_content": content, "result": shows, "description": text}
		for name, (content, shows, text) in RESULTS.items()
	},
	**{
		name: {"kind": "Tangible", "service_content": content, "wanted_format": form, "description": text}
		for name, (content, form, text) in DOCUMENTS.items()
	},
}

INTRODUCTIONS = {
	"summary": "What was delivered for {customer} in {period} under {agreement}.",
}

COMMITMENTS = {
	COMMITMENT: {
		"commitment": COMMITMENT,
		"sequence": 97,
		"description": "From the day a deliverable is on somebody's list to its publication. Its own day, as promised for it.",
	}
}
POLICIES = overdue.policy(
	POLICY,
	"Reminds the owner of a deliverable, then tells the delivery managers that it is overdue.",
)
RECORD_TYPES = overdue.record_type(DELIVERABLE, status_field="status")
DEFINITIONS = {
	COMMITMENT: {
		"definition_name": COMMITMENT,
		"commitment": COMMITMENT,
		"document_type": DELIVERABLE,
		"description": "Runs until a deliverable is published for the first time; its deadline is its own day.",
		"start_when": 'doc.status in ("Compiling", "In Review") and doc.due_date and not doc.published_on',
		"meet_when": "doc.published_on",
		"cancel_when": 'doc.status == "Cancelled" or not doc.due_date',
		"own_terms": 1,
		"own_deadline_field": "due_date",
		"own_calendar": CALENDAR,
		"own_policy": POLICY,
	}
}
RULES = {
	"Major incident report: internal review": {
		"document_type": "Major Incident Report",
		"needed_before": "Published",
		"party": "Internal",
		"role": MANAGER,
		"approvals": 1,
		"days_until_due": 3,
		"description": "Reviewed by another than who compiled it, before it is published.",
	},
	"Deliverable: internal review": {
		"document_type": DELIVERABLE,
		"needed_before": "Published",
		"party": "Internal",
		"role": MANAGER,
		"approvals": 1,
		"days_until_due": 3,
		"description": "Reviewed by another than who compiled it, with its security, before it is published.",
	},
	"Service Report: internal review": {
		"document_type": "Service Report",
		"needed_before": "Published",
		"party": "Internal",
		"role": MANAGER,
		"approvals": 1,
		"days_until_due": 3,
		"description": "Reviewed by another than who compiled it before it is published.",
	},
	"Service Report: the customer confirms": {
		"document_type": "Service Report",
		"needed_before": "Confirmed",
		"party": "Customer",
		"approvals": 1,
		"days_until_due": 10,
		"condition": "doc.customer_confirms",
		"description": "The customer confirms a published report on their pages, where that is agreed.",
	},
}

REPORT_TEMPLATE = "Service Report"
TEMPLATES = {
	REPORT_TEMPLATE: {
		"template_name": REPORT_TEMPLATE,
		"enabled": 1,
		"security_class": INTERNAL,
		"description": "For every agreement that has no template of its own. Order its sections, switch them off and word them as you like.",
		"sections": [
			{"section": registered.heading, "enabled": 1, "introduction": INTRODUCTIONS.get(key, "")} for key, registered in SECTIONS.items()
		],
	}
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting; the workflow comes before."""
	yield "Service Security Class", {name: {"class_name": name, **values} for name, values in CLASSES.items()}
	yield (
		"Deliverable Type",
		{
			name: {"type_name": name, "enabled": 1, "audience": "Customer", "security_class": INTERNAL, **values}
			for name, values in TYPES.items()
		},
	)
	yield "Service Commitment", COMMITMENTS
	yield "Escalation Policy", POLICIES
	yield "Measured Record Type", RECORD_TYPES
	yield "Clock Definition", DEFINITIONS
	yield "Service Report Template", TEMPLATES
	yield "Review Rule", {name: {"rule_name": name, **values} for name, values in RULES.items()}
