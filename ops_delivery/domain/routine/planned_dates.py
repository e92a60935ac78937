"""The dates on which routine work is planned: a rule's dates from a start, moved around the days on which nobody works.

A day is open if service hours begin on it, so a make-up workday is a workday and a holiday is none. Where the rule's own dates
end (COUNT, UNTIL) is settled before any is moved; a date moved before the start or behind UNTIL stays.

Written for clause 6.2.a.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.recurrence import SKIP, Moment, day_of, occurrences
from ops_delivery.domain.routine.rule import Rule

KEEP, BEFORE, AFTER = "keep", "before", "after"
CLOSED = (KEEP, SKIP, BEFORE, AFTER)

DAY = timedelta(days=1)
FARTHEST = 366  # days that a date may be moved
_DROPPED = 5000  # dates in a row that fall on closed days, after which none is open


@dataclass(frozen=True)
class Planned:
	"""One planned date: `at` is when the work is planned, `origin` the rule's own date that it stands for.

	Both are days, or local times, as the start is. `origin` stays the same when the calendar changes, so it is what a task is
	known by.
	"""

	at: Moment
	origin: Moment

	@property
	def moved(self) -> bool:
		"""Whether it was moved around closed days."""
		return self.at != self.origin


@dataclass(frozen=True)
class Recurrence:
	"""When routine work is due: a rule from a start, what short months do, what closed days do.

	`short_month`: "skip" or "last" (see recurrence.occurrences). `closed`: "keep" (closed days are not looked at), "skip" (a
	date on a closed day is left out), "before" or "after" (it moves to the nearest open day there).
	"""

	rule: Rule
	start: Moment
	short_month: str = SKIP
	closed: str = KEEP
	calendar: WorkCalendar | None = None

	def __post_init__(self) -> None:
		"""DomainError: closed_bad_choice, closed_without_calendar, calendar_without_closed, and those of occurrences()."""
		if self.closed not in CLOSED:
			raise DomainError(
				"closed_bad_choice",
				"{value} is no way to treat closed days. Choose one of {known}.",
				field="closed",
				value=self.closed,
				known=", ".join(CLOSED),
			)
		if self.closed != KEEP and self.calendar is None:
			raise DomainError(
				"closed_without_calendar",
				"Closed days cannot be treated by {value} without a service calendar. Name the calendar.",
				field="calendar",
				value=self.closed,
			)
		if self.closed == KEEP and self.calendar is not None:
			raise DomainError(
				"calendar_without_closed",
				"A calendar is given, but not what to do with a date on a closed day. Choose skip, before or after.",
				field="closed",
				value=self.closed,
			)
		occurrences(self.rule, self.start, self.short_month)

	def dates(self, since: date | None = None) -> Iterator[Planned]:
		"""The planned dates in order, from a day on if asked for; without end where the rule has none.

		Where several days of the rule come to lie on one, the work is planned once: as that day has it itself, else as the
		first of those moved there has it. DomainError on the way: no_open_day, rule_never, rule_beyond_horizon.
		"""
		if self.closed == KEEP:
			for moment in occurrences(self.rule, self.start, self.short_month, since):
				yield Planned(moment, moment)
			return
		for target, moved in groupby(self._moved(self._back_from(since)), lambda one: day_of(one.at)):
			if since is not None and target < since:
				continue
			several = list(moved)
			own = [one for one in several if not one.moved]
			chosen = own or [one for one in several if day_of(one.origin) == day_of(several[0].origin)]
			yield from chosen

	def first(self, count: int, since: date | None = None) -> list[Planned]:
		"""The first so many of dates(); fewer where the rule ends before."""
		return list(islice(self.dates(since), count))

	def between(self, first: date, last: date) -> list[Planned]:
		"""The dates planned for the days from `first` to `last`, both included."""
		found = []
		for one in self.dates(first):
			if day_of(one.at) > last:
				break
			found.append(one)
		return found

	def _back_from(self, since: date | None) -> date | None:
		"""From which of the rule's days on dates may come to lie on a day or behind it: what was closed just before it."""
		if since is None or self.closed != AFTER:
			return since
		back = 0
		while back < FARTHEST and not self.calendar.windows_on(since - (back + 1) * DAY):
			back += 1
		return since - back * DAY

	def _moved(self, since: date | None) -> Iterator[Planned]:
		dropped = 0
		targets: dict[date, date | None] = {}
		for moment in occurrences(self.rule, self.start, self.short_month, since):
			day = day_of(moment)
			if day not in targets:
				targets = {day: self._open_day(day)}
			target = targets[day]
			if target is None:
				dropped += 1
				if dropped > _DROPPED:
					raise _no_open_day(day, self.calendar)
				continue
			dropped = 0
			yield Planned(_on(moment, target), moment)

	def _open_day(self, day: date) -> date | None:
		"""The day to which the calendar moves a day; None where it is left out."""
		step = {SKIP: 0, BEFORE: -1, AFTER: 1}[self.closed]
		for distance in range(FARTHEST if step else 1):
			if self.calendar.windows_on(day + distance * step * DAY):
				return day + distance * step * DAY
		if step:
			raise _no_open_day(day, self.calendar)
		return None


def _on(moment: Moment, day: date) -> Moment:
	return datetime.combine(day, moment.time()) if isinstance(moment, datetime) else day


def _no_open_day(day: date, calendar: WorkCalendar) -> DomainError:
	return DomainError(
		"no_open_day",
		"The calendar {calendar} has no open day to which {value} and the dates around it could go. Check its holidays, or keep dates on closed days.",
		field="calendar",
		value=day.isoformat(),
		calendar=calendar.name or calendar.zone,
	)
