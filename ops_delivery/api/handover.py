"""Handing matters over between service contents (6.3.i)."""

import frappe

from ops_delivery.services import handover


@frappe.whitelist(methods=["POST"])
def hand_over(
	doctype: str,
	name: str,
	service_content: str,
	subject: str,
	owner: str | None = None,
	due: str | None = None,
	note: str = "",
) -> str:
	"""Open a handover from a record the user may edit; its name."""
	frappe.has_permission(doctype, "write", name, throw=True)
	return handover.open(doctype, name, service_content, subject, owner, due, note)


@frappe.whitelist(methods=["POST"])
def start(name: str, target_doctype: str, target_name: str | None = None) -> dict[str, str]:
	"""Carry a handover on in a new or an existing record, with the user's own permissions."""
	frappe.has_permission("Service Handover", "write", name, throw=True)
	return handover.start(name, target_doctype, target_name or None)


@frappe.whitelist(methods=["GET", "POST"])
def choices(service_content: str) -> list[str]:
	"""The record types a handover of that service content may open, the proposed one first."""
	frappe.has_permission("Service Handover", "read", throw=True)
	return [
		doctype
		for doctype in handover.TARGETS.get(service_content, ())
		if frappe.has_permission(doctype, "create")
	]
