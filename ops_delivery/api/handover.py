"""Handing matters over between service contents (6.2.d, 6.3.i, 6.4.g, 6.5.f)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.handover import steps as handover
from ops_delivery.services.handover import targets as handover_targets
from ops_delivery.services.scope import once


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
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
@staff_only
@once.per_content()
def start(name: str, target_doctype: str, target_name: str | None = None) -> dict[str, str]:
	"""Carry a handover on in a new or an existing record, with the user's own permissions."""
	frappe.has_permission("Service Handover", "write", name, throw=True)
	return handover.start(name, target_doctype, target_name or None)


@frappe.whitelist(methods=["POST"])
@staff_only
@once.per_content()
def open_next(
	doctype: str,
	name: str,
	service_content: str,
	subject: str,
	target_doctype: str,
	owner: str | None = None,
	due: str | None = None,
	note: str = "",
) -> dict[str, str]:
	"""Hand over and open the next record at once, with the user's own permissions: {doctype, name, handover}."""
	frappe.has_permission(doctype, "write", name, throw=True)
	return handover.open_next(
		doctype, name, service_content, subject, target_doctype, owner, due or None, note
	)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def choices(service_content: str) -> list[str]:
	"""The record types a handover of that service content may open, the proposed one first."""
	frappe.has_permission("Service Handover", "read", throw=True)
	return _openable(service_content)


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def contents(doctype: str) -> list[dict[str, Any]]:
	"""Where a record of that type may be handed over to: [{content, targets the user may open}]."""
	frappe.has_permission("Service Handover", "read", throw=True)
	return [
		{"content": content, "targets": _openable(content)} for content in handover.contents_from(doctype)
	]


def _openable(service_content: str) -> list[str]:
	return [
		doctype
		for doctype in handover_targets.TARGETS.get(service_content, ())
		if frappe.has_permission(doctype, "create")
	]
