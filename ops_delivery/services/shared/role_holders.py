"""Who has a role: the users that Frappe gave it to, enabled ones with their names (6.4.b, 6.5.c)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from ops_delivery.permissions.ownership import plain


def count(role: str | None) -> int:
	"""How many enabled users have a role."""
	return len(enabled(with_role(role)))


def with_role(role: str | None) -> set[str]:
	"""The users that have a role, disabled ones too."""
	return set(
		frappe.get_all(
			"Has Role", filters={"role": role or "", "parenttype": "User"}, pluck="parent", order_by="parent"
		)
	)


def enabled(users: Iterable[str]) -> list[dict[str, Any]]:
	"""Those of the users who may log in: {user, full_name, email, user_type} each, by name."""
	return [
		{"user": row.name, "full_name": row.full_name, "email": plain(row.email), "user_type": row.user_type}
		for row in frappe.get_all(
			"User",
			filters={"name": ["in", list(users) or [""]], "enabled": 1},
			fields=["name", "full_name", "email", "user_type"],
			order_by="full_name, name",
		)
	]
