"""Improvement actions: opening one, and the steps of their life (5.5.b, 5.5.c, 5.5.f)."""

import frappe

from ops_delivery.permissions.gates import customers_only, staff_only
from ops_delivery.services.improvements import sentences as improvement_words
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.portal import improvements as improvement_portal
from ops_delivery.services.scope import once
from ops_delivery.services.shared import call_limits as limits
from ops_delivery.services.shared.domain_errors import guard

WRITES_PER_HOUR = 60


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def values_from(source_doctype: str, source_name: str) -> dict[str, str]:
	"""What a new action because of a record begins with."""
	frappe.has_permission(improvements.DOCTYPE, "create", throw=True)
	frappe.has_permission(source_doctype, "read", source_name, throw=True)
	return improvements.values_from(source_doctype, source_name)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def missing(name: str, state: str) -> list[dict[str, str]]:
	"""What an action still lacks for a state."""
	doc = frappe.get_doc(improvements.DOCTYPE, name)
	doc.check_permission("read")
	with guard():
		return improvement_words.missing(doc, state)


@frappe.whitelist(methods=["POST"])
@staff_only
def set_state(name: str, state: str, reason: str = "") -> str:
	"""Take an action to a state."""
	return improvements.set_state(name, state, reason)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def record_check(name: str, effective: bool, note: str) -> str:
	"""The effect was checked."""
	return improvements.record_check(name, effective, note)


@frappe.whitelist(methods=["POST"])
@staff_only
def reopen(name: str, note: str) -> str:
	"""A closed action proved not effective after all."""
	return improvements.reopen(name, note)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def tell_customer(name: str, text: str = "") -> None:
	"""Tell the customer what is done."""
	improvements.tell_customer(name, text)


@frappe.whitelist(methods=["POST"])
@staff_only
def record_answer(name: str, confirmed: bool, by_name: str, how: str, note: str = "") -> str:
	"""Note what the customer said to it: who and how."""
	return improvements.record_answer(name, confirmed, by_name, how, note)


@frappe.whitelist(methods=["POST"])
@customers_only
@limits.per_hour(WRITES_PER_HOUR)
def answer(name: str, answer: str, note: str = "") -> None:
	"""The customer's user says whether it helps ("yes", "no")."""
	improvement_portal.answer(name, frappe.session.user, {"answer": answer, "note": note})
