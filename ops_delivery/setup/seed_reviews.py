"""Seeds of reviews as data: the clock of a review, its policy, the rules to begin with, and two example scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.permissions.role_names import MANAGER
from ops_delivery.setup import reminder_policy_seed as overdue

COMMITMENT, CALENDAR, POLICY = "Review", "5×8 (lunch break)", "Overdue Reviews"

COMMITMENTS = {
	COMMITMENT: {
		"commitment": COMMITMENT,
		"sequence": 90,
		"description": "From the request for a review to its decision. Within the organization, not promised to a customer.",
	}
}

POLICIES = overdue.policy(
	POLICY,
	"Reminds the reviewers, then tells the delivery managers that a review is overdue.",
)

RECORD_TYPES = overdue.record_type("Service Review", date_field="requested_on")

DEFINITIONS = {
	"Review of Documents": {
		"definition_name": "Review of Documents",
		"commitment": COMMITMENT,
		"document_type": "Service Review",
		"description": "Runs from the request to the decision; its deadline is the review's own due date.",
		"start_when": 'doc.state == "Open" and doc.due_on',
		"meet_when": 'doc.state in ("Approved", "Rejected")',
		"cancel_when": 'doc.state in ("Outdated", "Withdrawn") or not doc.due_on',
		"start_at_field": "requested_on",
		"own_terms": 1,
		"own_deadline_field": "due_on",
		"own_calendar": CALENDAR,
		"own_policy": POLICY,
	}
}


def _rule(doctype: str, before: str, party: str, days: int, text: str, **values: Any) -> dict[str, Any]:
	return {
		"document_type": doctype,
		"needed_before": before,
		"party": party,
		"role": MANAGER if party == "Internal" else None,
		"approvals": 1,
		"days_until_due": days,
		"description": text,
		**values,
	}


_INTERNAL = "Reviewed inside the organization before the customer sees it."
_CUSTOMER = "The customer reads it and decides on the portal, or staff record what the customer decided."

RULES = {
	"Agreement: internal review": _rule("Service Agreement", "Customer Review", "Internal", 3, _INTERNAL),
	"Agreement: customer review": _rule("Service Agreement", "Signing", "Customer", 7, _CUSTOMER),
	"Delivery plan: internal review": _rule("Delivery Plan", "Customer Review", "Internal", 3, _INTERNAL),
	"Delivery plan: customer review": _rule("Delivery Plan", "Approved", "Customer", 7, _CUSTOMER),
	"Optimization proposal: internal review": _rule(
		"Optimization Plan", "Proposal Approved", "Internal", 3, _INTERNAL, part="Proposal"
	),
	"Optimization proposal: customer review": _rule(
		"Optimization Plan", "Proposal Approved", "Customer", 7, _CUSTOMER, part="Proposal"
	),
	"Optimization implementation: internal review": _rule(
		"Optimization Plan", "Approved", "Internal", 3, _INTERNAL, part="Implementation"
	),
	"Optimization implementation: customer review": _rule(
		"Optimization Plan", "Approved", "Customer", 7, _CUSTOMER, part="Implementation"
	),
	"Consulting plan: internal review": _rule("Consulting Plan", "Customer Review", "Internal", 3, _INTERNAL),
	"Consulting plan: customer review": _rule("Consulting Plan", "Approved", "Customer", 7, _CUSTOMER),
	"Consulting report: internal review": _rule(
		"Consulting Report", "Customer Review", "Internal", 3, _INTERNAL
	),
	"Consulting report: customer review": _rule("Consulting Report", "Issued", "Customer", 7, _CUSTOMER),
	"Operation manual: internal review": _rule(
		"Operation Manual", "Published", "Internal", 3, "Reviewed inside the organization before work is done by it."
	),
	"Knowledge article: internal review": _rule(
		"Knowledge Article", "Published", "Internal", 5, "Reviewed inside the organization before others work by it, or customers read it."
	),
	"Example: two managers above a million": _rule(
		"Service Agreement",
		"Customer Review",
		"Internal",
		5,
		"An example to copy: above a fee, two different managers have to approve. Switch it on to use it.",
		enabled=0,
		approvals=2,
		condition="doc.fee and doc.fee > 1000000",
	),
}

_FREEZE = """# Example of a rule of your own. Enable it, and allow server scripts on the bench (server_script_enabled).
# No optimization starts in the days around the turn of the year.
before = doc.get_doc_before_save()
today = frappe.utils.getdate()
frozen = (today.month == 12 and today.day >= 20) or (today.month == 1 and today.day <= 5)
if frozen and doc.status == "In Progress" and before and before.status != "In Progress":
	frappe.throw("Changes are frozen from 20 December to 5 January. Start after that.")
"""

_SOONER = """# Example of a rule of your own. Enable it, and allow server scripts on the bench (server_script_enabled).
# Reviews for customers of the group Government are due within one day.
if doc.customer and frappe.db.get_value("Customer", doc.customer, "customer_group") == "Government":
	doc.due_on = frappe.utils.add_to_date(doc.requested_on, days=1)
"""

SCRIPTS = {
	"Ops Delivery example: change freeze": {
		"script_type": "DocType Event",
		"reference_doctype": "Optimization Plan",
		"doctype_event": "Before Save",
		"disabled": 1,
		"script": _FREEZE,
		"module": "Ops Delivery",
	},
	"Ops Delivery example: reviews due sooner": {
		"script_type": "DocType Event",
		"reference_doctype": "Service Review",
		"doctype_event": "Before Insert",
		"disabled": 1,
		"script": _SOONER,
		"module": "Ops Delivery",
	},
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting; the workflows come before."""
	yield "Service Commitment", COMMITMENTS
	yield "Escalation Policy", POLICIES
	yield "Measured Record Type", RECORD_TYPES
	yield "Clock Definition", DEFINITIONS
	yield "Review Rule", {name: {"rule_name": name, **values} for name, values in RULES.items()}
	yield "Server Script", SCRIPTS
