"""The policy and record type to begin with for work that has a day of its own: reviews, leftovers, recommendations."""

from __future__ import annotations

from typing import Any

from ops_delivery.permissions.role_names import MANAGER

_TOLD = {"notify_assignee": 1, "by_desk": 1, "by_email": 1}


def policy(
	name: str,
	description: str,
	reminder: tuple[str, int] = ("Share of Target", 25),
	repeats: int = 3,
	managers_after: int = 480,
) -> dict[str, dict[str, Any]]:
	"""An Escalation Policy by its name: the assignee is reminded before the day and on it, then the managers are told.

	`reminder`: basis and amount of the warning. `managers_after`: working minutes after the day.
	"""
	basis, amount = reminder
	steps = [
		{"step_name": "Reminder", "kind": "Warning", "moment": "Before", "basis": basis, "amount": amount, **_TOLD},
		{
			"step_name": "Overdue",
			"kind": "Alarm",
			"moment": "At",
			**_TOLD,
			"repeat_minutes": 1440,
			"max_repeats": repeats,
		},
		{
			"step_name": "Delivery managers",
			"kind": "Manager Route",
			"moment": "After",
			"basis": "Working Minutes",
			"amount": managers_after,
			**_TOLD,
			"notify_assignee": 0,
			"notify_role": MANAGER,
		},
	]
	values = {"policy_name": name, "description": description, "steps": steps}
	return {name: {**values, "has_quiet_hours": 1, "quiet_from": "22:00:00", "quiet_to": "07:00:00"}}


def record_type(doctype: str, **fields: str) -> dict[str, dict[str, Any]]:
	"""A Measured Record Type by its DocType; fields that are not named stay empty."""
	empty = {"priority_field": "", "object_field": "", "agreement_field": "", "date_field": ""}
	named = {"customer_field": "customer", "status_field": "state", **fields}
	# empty, not None: that would take the field's default
	return {doctype: {"document_type": doctype, **empty, **named}}
