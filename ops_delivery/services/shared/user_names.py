"""Full names of users, as Frappe stores them, in one query."""

from __future__ import annotations

from collections.abc import Iterable

import frappe


def full_names(users: Iterable[str | None]) -> dict[str, str]:
	"""Full name by user, of those that there are; the user's id where no name is stored."""
	wanted = sorted({user for user in users if user})
	if not wanted:
		return {}
	rows = frappe.get_all("User", {"name": ["in", wanted]}, ["name", "full_name"], order_by="name")
	return {row.name: row.full_name or row.name for row in rows}
