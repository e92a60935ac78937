"""The hours of a visit: when an engineer travelled and worked, as a time sheet wants it (7.2.d.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ops_delivery.domain.errors import DomainError

TRAVEL, WORK = "Travel", "Work"
LONGEST = timedelta(hours=24)
STEP = timedelta(hours=0.01)  # as hours are written: a length of so many is stored exactly, on every site


@dataclass(frozen=True)
class Span:
	"""One stretch of time of one engineer, from `start` to before `end`."""

	kind: str
	start: datetime
	end: datetime

	@property
	def hours(self) -> float:
		return round((self.end - self.start) / timedelta(hours=1), 2)


def spans(
	start: datetime | None,
	end: datetime | None,
	work_hours: float = 0,
	travel_hours: float = 0,
	departed: datetime | None = None,
) -> list[Span]:
	"""Travel there, work, travel back, in this order and never overlapping; empty stretches are left out.

	`start`, `end`: at the customer's. `work_hours` (0: from start to end) may be less than that, as with a break.
	`travel_hours` is there and back together: there from `departed` on where that is known, the rest afterwards.
	Lengths are whole hundredths of an hour and moments whole seconds: a time sheet works its ends out from hours it has
	rounded, and would find that travel ended a millisecond after work began.
	DomainError no_hours, hours_reversed or hours_too_many (more than a day).
	"""
	if not start or not (end or work_hours):
		raise DomainError("no_hours", "From, and To or the hours of work, are missing.")
	if end and end < start:
		raise DomainError("hours_reversed", "{end} lies before {start}.", start=start, end=end)
	start, end = _whole(start), _whole(end) if end else None
	work = _stepped(timedelta(hours=work_hours) if work_hours else end - start)
	travel = _stepped(timedelta(hours=travel_hours))
	for length in (work, travel):
		if length > LONGEST:
			raise DomainError(
				"hours_too_many",
				"{value} hours are more than a day.",
				value=f"{length / timedelta(hours=1):g}",
			)
	there = min(travel, _stepped(max(start - departed, timedelta()))) if departed else travel
	over = max(end or start, start + work)
	found = (
		Span(TRAVEL, start - there, start),
		Span(WORK, start, start + work),
		Span(TRAVEL, over, over + travel - there),
	)
	return [span for span in found if span.end > span.start]


def _whole(moment: datetime) -> datetime:
	return moment.replace(microsecond=0)


def _stepped(length: timedelta) -> timedelta:
	return round(length / STEP) * STEP
