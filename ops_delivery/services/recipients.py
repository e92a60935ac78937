"""Whom a step tells: the assignee, the people the agreement names, a role or a user (6.3.e.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from ops_delivery.services import agreements

MANAGER, EXPERT = "Escalation Manager", "Senior Expert"


def of_step(action: Mapping[str, Any], row: frappe._dict) -> dict[str, str]:
	"""The enabled users a step tells for a clock, each with the part they are told in. One part each, the first."""
	wanted: list[tuple[str, str]] = []
	if action.get("notify_assignee"):
		wanted += [(user, "Assignee") for user in assignees(row.reference_doctype, row.reference_name)]
	terms = agreements.terms(row.agreement) if row.agreement else None
	level = int(action.get("contact_level") or 1)
	if terms and action.get("notify_managers"):
		wanted += [(user, MANAGER) for user in terms.people_of(MANAGER, level)]
	if terms and action.get("notify_experts"):
		wanted += [(user, EXPERT) for user in terms.people_of(EXPERT, level)]
	if action.get("notify_role"):
		wanted += [(user, action["notify_role"]) for user in _with_role(action["notify_role"])]
	if action.get("notify_user"):
		wanted.append((action["notify_user"], "User"))
	enabled = _enabled({user for user, _part in wanted})
	found: dict[str, str] = {}
	for user, part in wanted:
		if user in enabled:
			found.setdefault(user, part)
	return found


def assignees(doctype: str, name: str) -> list[str]:
	"""Users a record is assigned to (open ToDos), oldest first."""
	return frappe.get_all(
		"ToDo",
		filters={"reference_type": doctype, "reference_name": name, "status": "Open"},
		pluck="allocated_to",
		order_by="creation",
	)


def reassignee(action: Mapping[str, Any], row: frappe._dict) -> str | None:
	"""The user a step hands the record to, or None if it names nobody."""
	to = action.get("reassign_to")
	if to == "User":
		candidates = [action.get("reassign_user")]
	elif to and row.agreement:
		candidates = agreements.terms(row.agreement).people_of(to, int(action.get("contact_level") or 1))
	else:
		candidates = []
	enabled = _enabled({user for user in candidates if user})
	return next((user for user in candidates if user in enabled), None)


def _with_role(role: str) -> list[str]:
	return frappe.get_all(
		"Has Role",
		filters={"role": role, "parenttype": "User"},
		pluck="parent",
		order_by="parent",
		distinct=True,
	)


def _enabled(users: set[str]) -> set[str]:
	if not users:
		return set()
	return set(
		frappe.get_all(
			"User", filters={"name": ["in", list(users)], "enabled": 1}, pluck="name", order_by="name"
		)
	)
