"""Who gets a task: a person or their substitute, a group, or whose turn it is (6.2.a)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.domain.dispatch import Engineer
from ops_delivery.services.visits import engineers

PERSON, GROUP, ROTATION = "Person", "Group", "Rotation"


@dataclass(frozen=True)
class Staff:
	"""The people whom some schedules name: who still works here, and when each is away."""

	enabled: frozenset[str]
	engineers: Mapping[str, Engineer]

	def is_there(self, user: str | None, day: date) -> bool:
		"""Whether a user still works here and is not away on that day."""
		if not user or user not in self.enabled:
			return False
		known = self.engineers.get(user)
		return not known or not any(away.first <= day <= away.last for away in known.absences)


def staff(users: Iterable[str | None]) -> Staff:
	"""What is known of these users: four queries, however many they are."""
	named = sorted({user for user in users if user})
	if not named:
		return Staff(frozenset(), {})
	enabled = frappe.get_all("User", {"name": ["in", named], "enabled": 1}, pluck="name", order_by="name")
	return Staff(frozenset(enabled), engineers.engineers(named))


def pick(row: Any, people: list[str], day: date, known: Staff) -> tuple[str | None, int]:
	"""Who does the task of a schedule (its fields) on a day, and whose turn it is after that; nobody where none is left.

	Whoever is away is stood in for; where nobody stands in it stays with them, for them to arrange it.
	"""
	turn = cint(row.get("turn"))
	if row.get("assign_to") == PERSON:
		for user in (row.get("person"), row.get("substitute")):
			if known.is_there(user, day):
				return user, turn
		return (row.person if row.get("person") in known.enabled else None), turn
	if row.get("assign_to") != ROTATION or not people:
		return None, turn
	for step in range(len(people)):
		place = (turn + step) % len(people)
		if known.is_there(people[place], day):
			return people[place], (place + 1) % len(people)
	return None, turn
