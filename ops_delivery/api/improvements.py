"""Improvement actions: opening one, and the steps of their life (5.5.b, 5.5.c, 5.5.f)."""

import frappe
from frappe import _

from ops_delivery.permissions.ownership import is_staff
from ops_delivery.services import improvement_portal, improvement_words, improvements, limits, once
from ops_delivery.services.errors import guard

WRITES_PER_HOUR = 60


@frappe.whitelist(methods=["GET", "POST"])
def values_from(source_doctype: str, source_name: str) -> dict[str, str]:
	"""What a new action because of a record begins with."""
	_staff_only()
	frappe.has_permission(improvements.DOCTYPE, "create", throw=True)
	frappe.has_permission(source_doctype, "read", source_name, throw=True)
	return improvements.values_from(source_doctype, source_name)


@frappe.whitelist(methods=["GET", "POST"])
def missing(name: str, state: str) -> list[dict[str, str]]:
	"""What an action still lacks for a state."""
	_staff_only()
	doc = frappe.get_doc(improvements.DOCTYPE, name)
	doc.check_permission("read")
	with guard():
		return improvement_words.missing(doc, state)


@frappe.whitelist(methods=["POST"])
def set_state(name: str, state: str, reason: str = "") -> str:
	"""Take an action to a state."""
	_staff_only()
	return improvements.set_state(name, state, reason)


@frappe.whitelist(methods=["POST"])
@once.per_content()
def record_check(name: str, effective: bool, note: str) -> str:
	"""The effect was checked."""
	_staff_only()
	return improvements.record_check(name, effective, note)


@frappe.whitelist(methods=["POST"])
def reopen(name: str, note: str) -> str:
	"""A closed action proved not effective after all."""
	_staff_only()
	return improvements.reopen(name, note)


@frappe.whitelist(methods=["POST"])
@once.per_content()
def tell_customer(name: str, text: str = "") -> None:
	"""Tell the customer what is done."""
	_staff_only()
	improvements.tell_customer(name, text)


@frappe.whitelist(methods=["POST"])
def record_answer(name: str, confirmed: bool, by_name: str, how: str, note: str = "") -> str:
	"""Note what the customer said to it: who and how."""
	_staff_only()
	return improvements.record_answer(name, confirmed, by_name, how, note)


@frappe.whitelist(methods=["POST"])
@limits.per_hour(WRITES_PER_HOUR)
def answer(name: str, answer: str, note: str = "") -> None:
	"""The customer's user says whether it helps ("yes", "no")."""
	improvement_portal.answer(name, frappe.session.user, {"answer": answer, "note": note})


def _staff_only() -> None:
	if not is_staff():
		raise frappe.PermissionError(_("Only staff do this on the desk."))
