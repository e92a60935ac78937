"""Complaints: what the form shows, and their steps (5.4.d, 5.5.c)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import customers_only, staff_only
from ops_delivery.services.complaints import handlers as complaint_handlers
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import steps as complaints
from ops_delivery.services.portal import complaints as complaint_portal
from ops_delivery.services.scope import once
from ops_delivery.services.shared import call_limits as limits

WRITES_PER_HOUR = 60


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def candidates(name: str) -> dict[str, Any]:
	"""Who can handle a complaint independently, and why others cannot."""
	doc = frappe.get_doc(complaints.DOCTYPE, name)
	doc.check_permission("write")
	return complaint_handlers.candidates(doc)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def values_from(source_doctype: str, source_name: str) -> dict[str, Any]:
	"""What a new complaint because of a record begins with."""
	frappe.has_permission(complaints.DOCTYPE, "create", throw=True)
	frappe.has_permission(source_doctype, "read", source_name, throw=True)
	return complaint_intake.values_from(source_doctype, source_name)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def from_communication(name: str) -> str:
	"""Make a complaint of a message that came in."""
	frappe.has_permission(complaints.DOCTYPE, "create", throw=True)
	frappe.has_permission("Communication", "read", name, throw=True)
	return complaint_intake.from_communication(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def acknowledge(name: str) -> str:
	"""Tell the customer that we have it."""
	return complaints.acknowledge(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def clear_person(name: str, user: str, reason: str) -> None:
	"""Somebody named by mistake is no longer complained about; decided by the handler."""
	complaints.clear_person(name, user, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def hand_to(name: str, user: str) -> None:
	"""Give it to an independent handler."""
	complaints.hand_to(name, user)


@frappe.whitelist(methods=["POST"])
@staff_only
def investigate(name: str) -> str:
	"""The handler begins."""
	return complaints.investigate(name)


@frappe.whitelist(methods=["POST"])
@staff_only
def tell_result(name: str, result: str = "", result_text: str = "", findings: str = "") -> str:
	"""The handler tells the customer the result."""
	return complaints.tell_result(name, result, result_text, findings)


@frappe.whitelist(methods=["POST"])
@staff_only
def record_answer(
	name: str, accepted: bool, by_name: str, how: str, note: str = "", answered_on: str | None = None
) -> str:
	"""Note what the customer said to the result: who, when and how."""
	return complaints.record_answer(name, accepted, by_name, how, note, answered_on)


@frappe.whitelist(methods=["POST"])
@staff_only
def close_unanswered(name: str, reason: str) -> str:
	"""Close it when the customer did not answer in time."""
	return complaints.close_unanswered(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
def withdraw(name: str, reason: str) -> str:
	"""The customer took it back, or it was a mistake."""
	return complaints.withdraw(name, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def improve(name: str) -> str:
	"""Open an improvement action; its name."""
	return complaints.improve(name)


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(WRITES_PER_HOUR)
def answer(name: str, answer: str, note: str = "") -> str:
	"""The customer's user accepts the result of their complaint ("accept") or appeals ("appeal")."""
	return complaint_portal.answer_on_portal(name, frappe.session.user, {"answer": answer, "note": note})
