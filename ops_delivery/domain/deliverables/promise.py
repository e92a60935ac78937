"""When a promised deliverable is due: by periods of the calendar or of the agreement, once, or after an event (5.3.e, 8.2.b).

A period is known by its own first day (`slot`), whatever part of it the agreement rules: so a report for a month stays the same
report when a version of the agreement follows another in the middle of it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from ops_delivery.domain import periods
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span

DAY = timedelta(days=1)
WEEK, ONCE = "Every Week", "Once"
AFTER_INCIDENT, AFTER_SURVEY = "After a Major Incident", "After a Survey"
MONTHS = {"Every Month": 1, "Every Quarter": 3, "Every Half-year": 6, "Every Year": 12}
PERIODIC = (WEEK, *MONTHS)
EVENTS = (AFTER_INCIDENT, AFTER_SURVEY)
WHEN = (*PERIODIC, ONCE, *EVENTS)
MOST_DAYS = 3660


@dataclass(frozen=True)
class Rhythm:
	"""When a deliverable is owed.

	`days`: so many calendar days after its period, after the first day of the agreement (Once) or after the event it is due.
	`lead`: so many days before that it is put on its owner's list, but not before its period begins. `anchor`: the day from which
	periods are counted; None: those of the calendar (weeks begin on Monday). DomainError names the field.
	"""

	when: str
	days: int = 0
	lead: int = 14
	anchor: date | None = None

	def __post_init__(self) -> None:
		if self.when not in WHEN:
			raise _not_possible("when", self.when)
		for field in ("days", "lead"):
			if not 0 <= getattr(self, field) <= MOST_DAYS:
				raise _not_possible(field, getattr(self, field))

	def period(self, day: date) -> Span:
		"""The whole period in which a day lies; days before the anchor lie in the first one."""
		if self.when == WEEK:
			monday = date(1, 1, 1) if self.anchor is None else self.anchor
			first = monday + max(0, (day - monday).days) // 7 * 7 * DAY
			return Span(first, first + 6 * DAY)
		start = self.anchor or date(min(day.year, date.max.year), 1, 1)
		found = periods.at(start, MONTHS[self.when], max(day, start))
		assert found is not None
		return found

	def following(self, span: Span) -> Span:
		"""The period after one."""
		return self.period(span.last + DAY)

	def due_after(self, day: date) -> date:
		"""The last day in time for what ended, or happened, on a day."""
		return day + self.days * DAY

	def opened(self, first: date, due: date) -> date:
		"""The day on which it is put on the list."""
		return max(first, due - self.lead * DAY)


@dataclass(frozen=True)
class Owed:
	"""A deliverable to be opened: which one of its series (`slot`), the days it is about, and the last day in time."""

	slot: date
	first: date
	last: date
	due: date


@dataclass(frozen=True)
class Run:
	"""What a run opens, and where the next one goes on: `next` is the first day of the next period (None: none is left),
	`open_on` the day on which that one is opened (None: beyond the agreement's last day)."""

	owed: tuple[Owed, ...]
	next: date | None = None
	open_on: date | None = None


def owed(rhythm: Rhythm, term: Span, since: date, today: date, made: Collection[date], most: int) -> Run:
	"""What is to be opened by `today` for the periods from the one of `since` on, at most `most` periods in one run.

	`term`: the days on which the agreement rules; of a period only these are reported on. `made`: the slots that were opened already.
	Once is opened for the first day of the term; what follows an event is owed here never.
	"""
	if rhythm.when in EVENTS:
		return Run(())
	found: list[Owed] = []
	span = Span(term.first, term.first) if rhythm.when == ONCE else rhythm.period(max(since, term.first))
	for _number in range(most):
		if span.first > term.last:
			return Run(tuple(found), span.first)
		about = span.within(*term)
		due = rhythm.due_after(about.last)
		opened = rhythm.opened(about.first, due)
		if opened > today:
			return Run(tuple(found), span.first, opened)
		if span.first not in made:
			found.append(Owed(span.first, about.first, about.last, due))
		if rhythm.when == ONCE:
			return Run(tuple(found))
		span = rhythm.following(span)
	return Run(tuple(found), span.first, today)


def _not_possible(field: str, value: object) -> DomainError:
	return DomainError("not_possible", "{field}: {value} is not possible.", field=field, value=value)
