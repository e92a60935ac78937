"""Who does a routine task: a person, the next of a rotation, or a substitute while somebody is away.

Written for clause 6.2.a.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from ops_delivery.domain.errors import DomainError

ON_DUTY, SUBSTITUTE, NEXT_IN_TURN, NOBODY = "on_duty", "substitute", "next_in_turn", "nobody"


@dataclass(frozen=True)
class Absence:
	"""A person is away on some days, both ends included; `substitute` does their work then, if named."""

	person: str
	first: date
	last: date
	substitute: str = ""


@dataclass(frozen=True)
class Choice:
	"""Who does it and why: on_duty, substitute, next_in_turn, or nobody (`person` is empty then). `instead_of`: whose turn it was."""

	person: str
	why: str
	instead_of: str = ""


def choose(
	people: Sequence[str], turn: int, day: date, absences: Sequence[Absence] = (), left: Collection[str] = ()
) -> Choice:
	"""Who does the task of a day.

	`people`: one person, or those who take turns. `turn`: the number of the task in the rotation, from 0. `left`: who works here
	no more. Who is away is stood in for by their substitute, else by the next who is there; whose turn it was keeps their place,
	so nobody else's turn moves. With nobody there, nobody is chosen: a planner has to see it.

	DomainError: rotation_empty, rotation_person_twice.
	"""
	if not people:
		raise DomainError("rotation_empty", "Nobody is named who does the work. Name a person.", field="people", value="")
	if doubled := [person for person in people if list(people).count(person) > 1]:
		raise DomainError(
			"rotation_person_twice", "{value} is named twice in the rotation. Take one out.", field="people", value=doubled[0]
		)
	place = turn % len(people)
	meant = people[place]
	if _there(meant, day, absences, left):
		return Choice(meant, ON_DUTY)
	if substitute := _substitute(meant, day, absences, left):
		return Choice(substitute, SUBSTITUTE, meant)
	for step in range(1, len(people)):
		other = people[(place + step) % len(people)]
		if _there(other, day, absences, left):
			return Choice(other, NEXT_IN_TURN, meant)
	return Choice("", NOBODY, meant)


def _away(person: str, day: date, absences: Sequence[Absence]) -> list[Absence]:
	return [one for one in absences if one.person == person and one.first <= day <= one.last]


def _there(person: str, day: date, absences: Sequence[Absence], left: Collection[str]) -> bool:
	return person not in left and not _away(person, day, absences)


def _substitute(person: str, day: date, absences: Sequence[Absence], left: Collection[str]) -> str:
	"""The substitute of somebody who is away, or that one's substitute in turn; empty where there is none."""
	asked = {person}
	waiting = [person]
	while waiting:
		for absence in _away(waiting.pop(0), day, absences):
			other = absence.substitute
			if not other or other in asked:
				continue
			if _there(other, day, absences, left):
				return other
			asked.add(other)
			waiting.append(other)
	return ""
