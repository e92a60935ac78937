"""Whom a step tells: the assignee, the people the agreement names, a role or a user (6.3.e.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ops_delivery.permissions import confidential
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.agreements.checks import EXPERT, MANAGER


class Book:
	"""Who is assigned to the records at hand, who is enabled, who has a role: read once for a whole batch of clocks."""

	def __init__(self, rows: Iterable[frappe._dict] = ()):
		self._records: dict[str, set[str]] = defaultdict(set)
		for row in rows:
			self._records[row.reference_doctype].add(row.reference_name)
		self._assigned: dict[tuple[str, str], list[str]] = {}
		self._emails: dict[str, str | None] = {}
		self._roles: dict[str, list[str]] = {}

	def assignees(self, doctype: str, name: str) -> list[str]:
		"""Users a record is assigned to (open ToDos), oldest first."""
		if (doctype, name) not in self._assigned:
			wanted = {other for other in self._records[doctype] if (doctype, other) not in self._assigned}
			self._read_assignments(doctype, wanted | {name})
		return self._assigned[doctype, name]

	def forget(self, doctype: str, name: str) -> None:
		"""A step has acted on a record: who has it is read again."""
		self._assigned.pop((doctype, name), None)

	def emails(self, users: Iterable[str]) -> dict[str, str]:
		"""The enabled ones among users, each with the e-mail address (which may be empty)."""
		users = set(users)
		unknown = users - set(self._emails)
		if unknown:
			self._emails.update(dict.fromkeys(unknown))
			for user in frappe.get_all(
				"User",
				filters={"name": ["in", list(unknown)], "enabled": 1},
				fields=["name", "email"],
				order_by="name",
			):
				self._emails[user.name] = user.email or ""
		return {user: self._emails[user] for user in users if self._emails[user] is not None}

	def with_role(self, role: str) -> list[str]:
		"""Users who have a role."""
		if role not in self._roles:
			self._roles[role] = frappe.get_all(
				"Has Role",
				filters={"role": role, "parenttype": "User"},
				pluck="parent",
				order_by="parent",
				distinct=True,
			)
		return self._roles[role]

	def _read_assignments(self, doctype: str, names: set[str]) -> None:
		self._assigned.update({(doctype, name): [] for name in names})
		for row in frappe.get_all(
			"ToDo",
			filters={"reference_type": doctype, "reference_name": ["in", list(names)], "status": "Open"},
			fields=["reference_name", "allocated_to"],
			order_by="creation",
		):
			self._assigned[doctype, row.reference_name].append(row.allocated_to)


def of_step(action: Mapping[str, Any], row: frappe._dict, book: Book | None = None) -> dict[str, str]:
	"""The enabled users a step tells for a clock, each with the part they are told in. One part each, the first."""
	book = book or Book()
	wanted: list[tuple[str, str]] = []
	if action.get("notify_assignee"):
		assigned = book.assignees(row.reference_doctype, row.reference_name)
		wanted += [(user, "Assignee") for user in assigned]
	terms = agreements.terms(row.agreement) if row.agreement else None
	level = int(action.get("contact_level") or 1)
	if terms and action.get("notify_managers"):
		wanted += [(user, MANAGER) for user in terms.people_of(MANAGER, level)]
	if terms and action.get("notify_experts"):
		wanted += [(user, EXPERT) for user in terms.people_of(EXPERT, level)]
	if action.get("notify_role"):
		wanted += [(user, action["notify_role"]) for user in book.with_role(action["notify_role"])]
	if action.get("notify_user"):
		wanted.append((action["notify_user"], "User"))
	told = confidential.without_hidden(
		row.reference_doctype, row.reference_name, dict.fromkeys(user for user, _part in wanted)
	)
	enabled = book.emails(told)
	found: dict[str, str] = {}
	for user, part in wanted:
		if user in enabled:
			found.setdefault(user, part)
	return found


def assignees(doctype: str, name: str) -> list[str]:
	"""Users a record is assigned to (open ToDos), oldest first."""
	return Book().assignees(doctype, name)


def reassignee(action: Mapping[str, Any], row: frappe._dict) -> str | None:
	"""The user a step hands the record to, or None if it names nobody."""
	to = action.get("reassign_to")
	if to == "User":
		candidates = [action.get("reassign_user")]
	elif to and row.agreement:
		candidates = agreements.terms(row.agreement).people_of(to, int(action.get("contact_level") or 1))
	else:
		candidates = []
	enabled = Book().emails(user for user in candidates if user)
	return next((user for user in candidates if user in enabled), None)
