"""Who gets a task: a person or their substitute, a group, or whose turn it is (6.2.a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import cint, cstr

from ops_delivery.domain.routine import rotation
from ops_delivery.domain.routine.rotation import Absence
from ops_delivery.permissions import assignees
from ops_delivery.services.visits import engineers

PERSON, GROUP, ROTATION = "Person", "Group", "Rotation"
TASK = "Routine Task"


@dataclass(frozen=True)
class Staff:
	"""The people whom some schedules name: who works here no more or may not do it, and when each of the others is away."""

	left: frozenset[str]
	absences: dict[str, tuple[tuple[date, date], ...]]
	narrowed: frozenset[str] = frozenset()
	seen: dict[tuple[str, str, str], bool] = field(default_factory=dict)

	def out(self, row: Any, users: Iterable[str]) -> frozenset[str]:
		"""Who cannot do the tasks of a schedule: who left, and of these users those kept from it by their user permissions."""
		return self.left | {user for user in users if user in self.narrowed and not self._sees(user, row)}

	def _sees(self, user: str, row: Any) -> bool:
		key = (user, cstr(row.customer), cstr(row.agreement))
		if key not in self.seen:
			task = frappe.get_doc({"doctype": TASK, "customer": row.customer, "agreement": row.agreement})
			self.seen[key] = bool(frappe.has_permission(TASK, "write", doc=task, user=user))
		return self.seen[key]

	def away(self, people: Iterable[str], substitute: str = "") -> list[Absence]:
		"""When these are away, and who stands in then."""
		return [
			Absence(user, first, last, substitute)
			for user in people
			for first, last in self.absences.get(user, ())
		]


def staff(users: Iterable[str | None]) -> Staff:
	"""What is known of these users; a fixed number of queries, however many they are."""
	named = sorted({user for user in users if user})
	if not named:
		return Staff(frozenset(), {})
	enabled = set(frappe.get_all("User", {"name": ["in", named], "enabled": 1}, pluck="name", order_by="name"))
	known = engineers.engineers(named)
	may = assignees.able(named, TASK)
	narrowed = frappe.get_all("User Permission", {"user": ["in", named]}, pluck="user", distinct=True, order_by="user")
	return Staff(
		frozenset(set(named) - (enabled & may)),
		{user: tuple((away.first, away.last) for away in found.absences) for user, found in known.items()},
		frozenset(narrowed),
	)


def pick(row: Any, people: list[str], day: date, known: Staff) -> str | None:
	"""Who does the task of a schedule (its fields) on a day: None for a group, and where nobody is there, for the planner to see.

	`row.turn` counts the tasks that were given out in turn.
	"""
	if row.assign_to == PERSON:
		person, substitute = row.person, row.substitute or ""
		out = known.out(row, filter(None, (person, substitute)))
		if person in out:
			person, substitute = substitute, ""
		named = [person] if person else []
		away = known.away(named, substitute) + known.away([substitute] if substitute else [])
	else:
		named = people if row.assign_to == ROTATION else []
		out, away = known.out(row, named), known.away(named)
	if not named:
		return None
	return rotation.choose(named, cint(row.turn), day, away, out).person or None
