"""Who gets a task: a person or their substitute, a group, or whose turn it is (6.2.a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.domain.routine import rotation
from ops_delivery.domain.routine.rotation import Absence
from ops_delivery.permissions import assignees
from ops_delivery.services.visits import engineers

PERSON, GROUP, ROTATION = "Person", "Group", "Rotation"


@dataclass(frozen=True)
class Staff:
	"""The people whom some schedules name: who works here no more or may not do it, and when each of the others is away."""

	left: frozenset[str]
	absences: dict[str, tuple[tuple[date, date], ...]]

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
	may = assignees.able(named, "Routine Task")
	return Staff(
		frozenset(set(named) - (enabled & may)),
		{user: tuple((away.first, away.last) for away in found.absences) for user, found in known.items()},
	)


def pick(row: Any, people: list[str], day: date, known: Staff) -> str | None:
	"""Who does the task of a schedule (its fields) on a day: None for a group, and where nobody is there, for the planner to see.

	`row.turn` counts the tasks that were given out in turn.
	"""
	if row.assign_to == PERSON:
		person, substitute = row.person, row.substitute or ""
		if person in known.left:
			person, substitute = substitute, ""
		named = [person] if person else []
		away = known.away(named, substitute) + known.away([substitute] if substitute else [])
	else:
		named = people if row.assign_to == ROTATION else []
		away = known.away(named)
	if not named:
		return None
	return rotation.choose(named, cint(row.turn), day, away, known.left).person or None
