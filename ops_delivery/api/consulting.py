"""Consulting plans, reports and their recommendations for the desk (6.5)."""

from typing import Any

import frappe
from frappe import _

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.consulting import completeness as consulting_completeness
from ops_delivery.services.consulting import recommendations
from ops_delivery.services.scope import once

CHECKS = {
	"Consulting Plan": consulting_completeness.of_plan,
	"Consulting Report": consulting_completeness.of_report,
}


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(doctype: str, name: str) -> list[dict[str, str]]:
	"""What a plan or report still lacks before it can be reviewed: [{fieldname, item, text}]."""
	if doctype not in CHECKS:
		frappe.throw(_("{0} has no completeness check.").format(_(doctype)))
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return [row._asdict() for row in CHECKS[doctype](doc)]


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def recommendations_of(report: str) -> list[dict[str, Any]]:
	"""The recommendations of a report the user may read, with the days each is overdue."""
	frappe.has_permission("Consulting Report", "read", report, throw=True)
	rows = recommendations.of_report(report)
	for row in rows:
		row["overdue_days"] = recommendations.overdue_days(row)
	return rows


@frappe.whitelist(methods=["POST"])
@staff_only
def decide(
	name: str,
	decision: str,
	decision_by: str,
	decided_on: str | None = None,
	note: str = "",
	owner_user: str | None = None,
	due_date: str | None = None,
) -> str:
	"""Record the customer's decision on a recommendation; the state it leads to."""
	frappe.has_permission("Consulting Recommendation", "write", name, throw=True)
	return recommendations.decide(name, decision, decision_by, decided_on, note, owner_user, due_date)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def follow_up(name: str, note: str, progress: float | None = None, state: str | None = None) -> str:
	"""Enter what was done on a recommendation, as its owner or with permission to write it; the state."""
	doc = frappe.get_doc("Consulting Recommendation", name)
	doc.check_permission("read" if doc.owner_user == frappe.session.user else "write")
	return recommendations.follow_up(name, note, progress, state or None)


@frappe.whitelist(methods=["POST"])
@staff_only
def verify(name: str, verification: str, passed: bool = True) -> str:
	"""Verify that a recommendation was put into practice, or send it back to work; the state."""
	frappe.has_permission("Consulting Recommendation", "write", name, throw=True)
	return recommendations.verify(name, verification, passed)
