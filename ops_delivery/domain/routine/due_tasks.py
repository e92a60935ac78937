"""Which routine tasks are to be made now: each planned date once, what was missed by its name (6.2.a).

A task stands for the rule's own date (Planned.origin), so two runs, or one that slept for ten days, make the same tasks. A date
whose deadline has passed is made as missed: it is neither dropped nor work for today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.planned_dates import Planned


@dataclass(frozen=True)
class Terms:
	"""When tasks of a schedule are made, and until when they are in time.

	`lead_days`: so many days before its date a task is made. `days_to_do`: so many days after it, it may still be done; 0 is the
	day itself. `first`, `last`: the days on which the agreement is in force, both included.
	"""

	lead_days: int = 0
	days_to_do: int = 0
	first: date = date.min
	last: date = date.max

	def made_on(self, planned: date) -> date:
		"""The day on which the task of a date is made."""
		return planned - timedelta(days=self.lead_days)

	def due_on(self, planned: date) -> date:
		"""The last day on which the task of a date is in time."""
		return planned + timedelta(days=self.days_to_do)


@dataclass(frozen=True)
class Due:
	"""A task to be made: its date, the last day on which it is in time, and whether that has passed already."""

	planned: Planned
	due_on: date
	missed: bool


@dataclass(frozen=True)
class Run:
	"""What a run makes of a schedule, and where the next one goes on.

	`next`: the first date that was not settled, None where none is left. `ended`: that date lies beyond the agreement. `error`:
	why no further date can be computed; what comes before it is made.
	"""

	tasks: tuple[Due, ...]
	next: Planned | None = None
	ended: bool = False
	error: DomainError | None = None


def due_tasks(dates: Iterable[Planned], terms: Terms, today: date, made: Collection[date], most: int) -> Run:
	"""The tasks that are to be made on `today` of planned dates in order, at most `most` dates in one run.

	`made`: the days that tasks there are already are planned for or stand for. Dates before the agreement's first day owe
	nothing; the first one after its last day ends the run.
	"""
	found: list[Due] = []
	settled = 0
	try:
		for one in dates:
			if settled == most or terms.made_on(one.at) > today:
				return Run(tuple(found), one)
			if one.at > terms.last:
				return Run(tuple(found), one, ended=True)
			settled += 1
			if one.at >= terms.first and one.at not in made and one.origin not in made:
				due_on = terms.due_on(one.at)
				found.append(Due(one, due_on, due_on < today))
	except DomainError as error:
		return Run(tuple(found), error=error)
	return Run(tuple(found))
