"""Major incidents: decided by a manager, tried by their condition, and the steps of their reports (8.4.b.3)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.deliverables import incident_reports
from ops_delivery.services.incidents import proposing, rules, steps
from ops_delivery.services.requests import major


@frappe.whitelist(methods=["POST"])
@staff_only
def decide(issue: str, decision: str, reason: str) -> bool:
	"""Declare a request a major incident ("Declared"), or withdraw that ("Withdrawn"), with a reason; whether it is one now."""
	return major.decide(issue, decision, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def try_condition(condition: str, customer: str | None = None) -> dict[str, Any]:
	"""A condition of a major incident, also an unsaved one, on the last requests the user may read (of a customer where one is named).
	Only who may write agreements may have one evaluated."""
	frappe.has_permission("Service Agreement", "write", throw=True)
	frappe.has_permission("Issue", "read", throw=True)
	return major.tried(condition, customer)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(name: str) -> list[dict[str, str]]:
	"""What a report still lacks before its next step."""
	doc = frappe.get_doc(rules.DOCTYPE, name)
	doc.check_permission("read")
	return [row._asdict() for row in rules.missing_next(doc)]


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def measures(name: str) -> list[dict[str, Any]]:
	"""The improvement actions of a report with their states, as far as the user may read them."""
	frappe.has_permission(rules.DOCTYPE, "read", name, throw=True)
	return steps.states(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def report_on(issue: str) -> str:
	"""The report on a major incident, opened where there is none yet."""
	return proposing.opened(issue)


@frappe.whitelist(methods=["POST"])
@staff_only
def take_course(name: str) -> int:
	"""Add to a report what the records tell of the incident's course; how many lines were added."""
	return steps.take_course(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def open_measures(name: str) -> list[str]:
	"""Open the measures of a report as improvement actions; those that were made."""
	return steps.open_measures(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def hand_over(name: str) -> str:
	"""Make the PDF of a published report the file of its deliverable; the deliverable."""
	return incident_reports.hand_over(name)
