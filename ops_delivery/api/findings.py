"""Findings of routine operation: what their form shows, and what is done with them (6.2.b.5, 6.2.d)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.routine import finding_steps


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def show(name: str) -> dict[str, Any]:
	"""The readings of a finding, the normal state and the manual's procedure, and the steps that are possible."""
	doc = frappe.get_doc(finding_steps.FINDING, name)
	doc.check_permission("read")
	return finding_steps.show(doc)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def of_object(service_object: str) -> list[dict[str, Any]]:
	"""The faults and risks of an object that are not closed, as far as the user may read them."""
	frappe.has_permission("Service Object", "read", service_object, throw=True)
	return finding_steps.of_object(service_object)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def of_task(name: str) -> list[dict[str, Any]]:
	"""The findings that a round made or added to, as far as the user may read them."""
	frappe.has_permission("Routine Task", "read", name, throw=True)
	return finding_steps.of_task(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def take(name: str) -> str:
	"""Take a finding in hand."""
	return finding_steps.take(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def accept_risk(name: str, reason: str) -> str:
	"""Accept a risk for now, for a reason."""
	return finding_steps.accept_risk(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def close(name: str, result: str, what_was_done: str = "") -> str:
	"""A finding is over."""
	return finding_steps.close(name, result, what_was_done)
