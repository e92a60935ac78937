"""Which routine tasks are to be made now: each planned date once, what was missed by its name.

A task is known by its schedule and the rule's own date it stands for (Planned.origin), so two runs, or one that slept for ten
days, make the same tasks. A date whose deadline has passed is made as missed: it is neither dropped nor work for today.

Written for clauses 6.2.a and 5.3.a.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span
from ops_delivery.domain.routine.planned_dates import BEFORE, FARTHEST, Planned, Recurrence
from ops_delivery.domain.routine.recurrence import Moment, day_of

KEPT, MOVED = "kept", "moved"
RHYTHMS = (KEPT, MOVED)
LONGEST_LEAD = 366  # days ahead of its date that a task may be made
DAY = timedelta(days=1)


@dataclass(frozen=True)
class ScheduleTerms:
	"""When tasks of a schedule are made, and until when they are in time.

	`lead_days`: so many days before its date a task is made. `deadline_days`: so many days after it, it may still be done; 0 is
	the day itself. `first`, `last`: the days on which the schedule is in force, both included; a date of the rule before or after is no task
	(a schedule copied or imported with a start in the past owes nothing for it). `pauses`: days on which nothing is due.
	"""

	first: date
	last: date | None = None
	lead_days: int = 0
	deadline_days: int = 0
	pauses: tuple[Span, ...] = ()

	def __post_init__(self) -> None:
		"""DomainError: schedule_bad_days, schedule_reversed."""
		for name, most in (("lead_days", LONGEST_LEAD), ("deadline_days", LONGEST_LEAD)):
			value = getattr(self, name)
			if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
				raise DomainError(
					"schedule_bad_days", "{field} is {value}: it takes a number of days from 0 to {most}.", field=name, value=value, most=most
				)
		for span in (Span(self.first, self.last or date.max), *self.pauses):
			if span.last < span.first:
				raise DomainError(
					"schedule_reversed", "{value} lies before {first}. Mend the day that is wrong.", field="last", value=span.last, first=span.first
				)

	def covers(self, planned: Planned) -> bool:
		"""Whether a date is due: the rule's own date is in force, so that moving it around a closed day changes nothing, and
		the day on which the work is planned is not paused."""
		own, day = day_of(planned.origin), day_of(planned.at)
		if own < self.first or (self.last is not None and own > self.last):
			return False
		return not any(pause.first <= day <= pause.last for pause in self.pauses)


@dataclass(frozen=True)
class Due:
	"""A task to be made: its key, its date, until which day it may be done, and whether that has passed already."""

	key: str
	planned: Planned
	deadline: date
	missed: bool


def task_key(schedule: str, origin: Moment) -> str:
	"""What a task is known by: its schedule and the rule's own date. The same for ever, however often it is moved."""
	return f"{schedule}@{origin.isoformat()}"


def due_tasks(
	schedule: str,
	recurrence: Recurrence,
	terms: ScheduleTerms,
	today: date,
	made: Collection[str],
	since: date | None = None,
) -> list[Due]:
	"""The tasks that are to be made on `today`, in the order of their dates.

	`made`: the keys of tasks that there are, whatever became of them. `since`: days before it are settled and not looked at
	again (at the latest the first day the schedule is in force). DomainError on the way: as Recurrence.dates().
	"""
	found = []
	for planned in upcoming(recurrence, terms, since, today + terms.lead_days * DAY):
		key = task_key(schedule, planned.origin)
		if key in made:
			continue
		deadline = day_of(planned.at) + terms.deadline_days * DAY
		found.append(Due(key, planned, deadline, deadline < today))
	return found


def upcoming(recurrence: Recurrence, terms: ScheduleTerms, begin: date | None, end: date) -> list[Planned]:
	"""The dates from `begin` (None: the first) to `end` as a preview shows them: just those of which tasks are made."""
	# the first dates in force may have been moved before the first day
	first = terms.first - FARTHEST * DAY if recurrence.closed == BEFORE else terms.first
	return [one for one in recurrence.between(first if begin is None else max(begin, first), end) if terms.covers(one)]


def missed_tasks(tasks: Iterable[Due]) -> list[Due]:
	"""Those of some tasks that were missed, the oldest first."""
	return [task for task in tasks if task.missed]


def after_done(recurrence: Recurrence, planned: Planned, done_on: date, rhythm: str = KEPT) -> Recurrence:
	"""The recurrence of the dates after one was done: kept as it is, or counted anew from the day on which it was done.

	With "moved", work done on another day than planned restarts the rule there; its next date is the first one after that day
	(next_after). Done on the planned day, nothing moves, so the 31st does not become the 28th for ever.

	DomainError: rhythm_bad_choice, rhythm_moves_count (a rule with COUNT cannot be restarted), and those of Recurrence.
	"""
	if rhythm not in RHYTHMS:
		raise DomainError(
			"rhythm_bad_choice", "{value} is no rhythm. Choose kept or moved.", field="rhythm", value=rhythm
		)
	if rhythm == MOVED and recurrence.rule.count is not None:
		raise DomainError(
			"rhythm_moves_count",
			"A rhythm that moves cannot end after COUNT={value} dates. Let it end on a day, with UNTIL.",
			field="COUNT",
			value=recurrence.rule.count,
		)
	if rhythm == KEPT or done_on == day_of(planned.at):
		return recurrence
	start = recurrence.start.replace(year=done_on.year, month=done_on.month, day=done_on.day)
	return Recurrence(recurrence.rule, start, recurrence.short_month, recurrence.closed, recurrence.calendar)


def next_after(recurrence: Recurrence, done: Planned, done_on: date, rhythm: str = KEPT) -> Planned | None:
	"""The date that follows one that was done; None where the rule ends. With "moved" it lies after the day it was done."""
	following = after_done(recurrence, done, done_on, rhythm)
	moved = following is not recurrence
	for one in following.dates(done_on if moved else day_of(done.at)):
		if (day_of(one.origin) > done_on and day_of(one.at) > done_on) if moved else one.origin > done.origin:
			return one
	return None
