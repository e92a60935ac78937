"""The service calendar: which instants count as working time, and arithmetic with them (clause 6.3.b).

A calendar is a weekly table of wall-clock windows in an IANA time zone, and dates that differ from it: holidays,
make-up workdays and special hours. Instants are timezone-aware datetimes (or int seconds since the epoch in the `_ts`
twins), working time is int seconds; microseconds are dropped on the way in. Arithmetic is O(log n) whatever the span.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ops_delivery.domain import calendar_file
from ops_delivery.domain.calendar_checks import checked_week, load_zone, windows_of
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.timeline import EPOCH, HORIZON, NOTHING_LAID, Timeline, WallClock
from ops_delivery.domain.work_window import DAY, WEEKDAYS, DayException, Window

__all__ = ["WEEKDAYS", "DayException", "Earlier", "Window", "WorkCalendar", "epoch_seconds", "instant_at"]

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_YEAR = 366 * DAY
_UTC = timezone.utc
_from_timestamp = datetime.fromtimestamp


def epoch_seconds(instant: datetime) -> int:
	"""Whole seconds since the epoch. DomainError "naive_instant" for a datetime without a time zone."""
	try:
		since = instant - EPOCH
	except TypeError:
		raise DomainError("naive_instant", "The instant {value} has no time zone.", value=instant) from None
	return since.days * DAY + since.seconds


def instant_at(seconds: int) -> datetime:
	"""The UTC datetime of a count of seconds since the epoch."""
	return _from_timestamp(seconds, _UTC)


class WorkCalendar:
	"""An immutable service calendar. Equal calendars have equal definitions (name included).

	DST: a window runs from the first instant at which the wall clock shows its start or later to the first at which it
	shows its end or later. So a start or end skipped by the clock is the instant of the change, and a window over a
	repeated hour is one unbroken interval that counts the hour twice.

	A calendar may change on a date: `earlier` hours hold for the windows that start before it, so a shift that runs over
	that midnight is worked to its end.

	An exception replaces only the windows that start on its date: the tail of the previous evening's stays. Where
	exceptions make windows of two dates overlap, the time is counted once.
	"""

	def __init__(
		self,
		zone: str,
		week: Mapping[int, Sequence[Window]],
		exceptions: Iterable[DayException] = (),
		name: str = "",
		earlier: Earlier | None = None,
	) -> None:
		"""`week` maps weekdays (0 = Monday) to their windows; a weekday left out is free. `earlier`: the hours that hold
		until a date, in the same time zone.

		DomainError: unknown_zone, other_zone (of the earlier hours), bad_calendar (a weekday or kind that does not exist), no_working_time (no weekly
		window at all), overlapping_windows, duplicate_exception, overlapping_exception, makeup_without_windows,
		special_without_windows, holiday_with_windows.
		"""
		self.name = name
		self.zone = zone
		self._tz = load_zone(zone)
		self.week = checked_week(week)
		self.exceptions = tuple(sorted(exceptions, key=lambda e: e.date))
		self._differs: dict[int, tuple[Window, ...]] = {}
		for exception in self.exceptions:
			day = exception.date.toordinal() - _EPOCH_DAY
			if day in self._differs:
				raise DomainError(
					"duplicate_exception",
					"The date {date} has two exceptions.",
					date=exception.date,
					field="exceptions",
				)
			self._differs[day] = windows_of(exception, self.week)
		if earlier and earlier.hours.zone != zone:
			raise DomainError(
				"other_zone",
				"The earlier hours are in the time zone {value}, not in {zone}.",
				value=earlier.hours.zone,
				zone=zone,
				field="earlier",
			)
		self.earlier = earlier
		self._begins = earlier.until.toordinal() - _EPOCH_DAY if earlier else None
		self._timeline = NOTHING_LAID

	# Arithmetic

	def add(self, instant: datetime, seconds: int) -> datetime:
		"""The instant at which `seconds` of working time have passed since `instant`, as UTC.

		The earliest such instant, so a deadline is at the end of a window and not at the start of the next one.
		A negative count goes back, to the latest instant from which that much leads to `instant`; zero is `instant`.
		DomainError "beyond_horizon" where that lies outside 1970..2200.
		"""
		ts = epoch_seconds(instant)
		timeline = self._timeline
		# what is asked for most, without the detour: a deadline within the timeline at hand
		found = timeline.forward(ts, seconds) if seconds > 0 and timeline.lo <= ts <= timeline.hi else None
		return _from_timestamp(self.add_ts(ts, seconds) if found is None else found, _UTC)

	def between(self, a: datetime, b: datetime) -> int:
		"""Seconds of working time from `a` to `b`, negative when b < a. Additive: ab + bc == ac."""
		return self.between_ts(epoch_seconds(a), epoch_seconds(b))

	def add_ts(self, ts: int, seconds: int) -> int:
		"""`add` on seconds since the epoch."""
		timeline = self._timeline
		if not timeline.lo <= ts <= timeline.hi:
			timeline = self._covering(ts, ts)
		if seconds > 0:
			while (found := timeline.forward(ts, seconds)) is None:
				timeline = self._covering(ts, timeline.hi + 1)
			return found
		if seconds < 0:
			while (found := timeline.backward(ts, -seconds)) is None:
				timeline = self._covering(timeline.lo - 1, ts)
			return found
		return ts

	def between_ts(self, a: int, b: int) -> int:
		"""`between` on seconds since the epoch."""
		timeline = self._covering(a, b) if a <= b else self._covering(b, a)
		return timeline.worked(b) - timeline.worked(a)

	def is_working(self, instant: datetime) -> bool:
		"""Whether the second that begins at `instant` is working time."""
		ts = epoch_seconds(instant)
		return self.between_ts(ts, ts + 1) == 1

	def segments(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
		"""The working intervals within [a, b) in order, as UTC; those that touch are merged. Empty when b <= a."""
		lo, hi = epoch_seconds(a), epoch_seconds(b)
		if hi <= lo:
			return []
		return [(instant_at(start), instant_at(end)) for start, end in self._covering(lo, hi).within(lo, hi)]

	def closed_spells(self, start: datetime, days: int, longer_than: int) -> list[tuple[datetime, datetime]]:
		"""The stretches without working time within so many days from `start` that are longer than so many, as UTC."""
		end = start + timedelta(days=days)
		found, open_since = [], instant_at(epoch_seconds(start))
		last = (instant_at(epoch_seconds(end)),) * 2
		for begins, ends in (*self.segments(start, end), last):
			if begins - open_since > timedelta(days=longer_than):
				found.append((open_since, begins))
			open_since = ends
		return found

	# Days

	def windows_on(self, day: date) -> tuple[Window, ...]:
		"""The windows that start on a local date, exceptions considered."""
		return self._windows_on(day.toordinal() - _EPOCH_DAY)

	def working_seconds_on(self, day: date) -> int:
		"""Seconds of working time within a local date, from its midnight to the next (a night's tail included)."""
		midnight = (day.toordinal() - _EPOCH_DAY) * DAY
		wall = WallClock(self._tz, midnight - DAY, midnight + 2 * DAY)
		return self.between_ts(wall.instant(midnight), wall.instant(midnight + DAY))

	# Definition

	def to_dict(self) -> dict[str, Any]:
		"""The definition as plain JSON values; from_dict() makes an equal calendar of it."""
		found = calendar_file.dump(self.name, self.zone, self.week, self.exceptions)
		if self.earlier:
			hours = {key: value for key, value in self.earlier.hours.to_dict().items() if key != "name"}
			found["earlier"] = {"until": self.earlier.until.isoformat(), "hours": hours}
		return found

	@classmethod
	def from_dict(cls, data: Mapping[str, Any]) -> WorkCalendar:
		"""Make a calendar from plain values: time_zone and week are required, name and exceptions are not.

		DomainError as in __init__, "bad_time", and "bad_calendar" (with `field`) for a missing or unknown key or a
		value that cannot be understood.
		"""
		found = calendar_file.load(data)
		if earlier := found.pop("earlier"):
			found["earlier"] = Earlier(earlier[0], cls.from_dict(earlier[1]))
		return cls(**found)

	def changing_to(self, later: WorkCalendar, day: date) -> WorkCalendar:
		"""These hours until a local date, the later ones for every window that begins on it or after. What these would
		change to on that date or later is given up. DomainError "other_zone"."""
		hours = self
		while hours.earlier and hours.earlier.until >= day:
			hours = hours.earlier.hours
		return WorkCalendar(later.zone, dict(enumerate(later.week)), later.exceptions, later.name, Earlier(day, hours))

	def on(self, day: date) -> WorkCalendar:
		"""The hours that hold on a local date, as a calendar that does not change."""
		return self.earlier.hours.on(day) if self.earlier and day < self.earlier.until else self.since(day)

	def since(self, day: date) -> WorkCalendar:
		"""These hours without those that ended by a local date: what counts from then on is the same."""
		if not self.earlier:
			return self
		if self.earlier.until <= day:
			return WorkCalendar(self.zone, dict(enumerate(self.week)), self.exceptions, self.name)
		earlier = Earlier(self.earlier.until, self.earlier.hours.since(day))
		return WorkCalendar(self.zone, dict(enumerate(self.week)), self.exceptions, self.name, earlier)

	def fingerprint(self) -> str:
		"""SHA-256 (hex) of the definition without its name: the same hours have the same fingerprint."""
		definition = {key: value for key, value in self.to_dict().items() if key != "name"}
		canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
		return hashlib.sha256(canonical.encode()).hexdigest()

	def __eq__(self, other: object) -> bool:
		if not isinstance(other, WorkCalendar):
			return NotImplemented
		return self._definition() == other._definition()

	def __hash__(self) -> int:
		return hash(self._definition())

	def __repr__(self) -> str:
		return f"<WorkCalendar {self.name or 'unnamed'} ({self.zone})>"

	def _definition(self) -> tuple:
		return self.name, self.zone, self.week, self.exceptions, self.earlier

	# Compilation

	def _windows_on(self, day: int) -> tuple[Window, ...]:
		"""The windows of a date given as days since 1970-01-01, a Thursday."""
		if self._begins is not None and day < self._begins:
			return self.earlier.hours._windows_on(day)
		windows = self._differs.get(day)
		return self.week[(day + 3) % 7] if windows is None else windows

	def _covering(self, lo: int, hi: int) -> Timeline:
		"""A timeline that covers lo..hi, laid out further only where the one at hand does not reach.

		Each growth at least doubles the span, so the work is amortised. Callers keep the timeline they are given:
		another thread may swap in its own at any time, and both are right.
		"""
		timeline = self._timeline
		if timeline.lo <= lo and hi <= timeline.hi:
			return timeline
		if lo < HORIZON[0] or hi > HORIZON[1]:
			raise DomainError("beyond_horizon", "The calculation leads out of the years 1970 to 2200.")
		if timeline.lo <= timeline.hi:
			span = timeline.hi - timeline.lo
			lo = min(lo, timeline.lo - span) if lo < timeline.lo else timeline.lo
			hi = max(hi, timeline.hi + span) if hi > timeline.hi else timeline.hi
		else:
			lo, hi = lo - _YEAR // 12, hi + _YEAR
		timeline = Timeline.lay(self._tz, self._windows_on, max(lo, HORIZON[0]), min(hi, HORIZON[1]))
		self._timeline = timeline
		return timeline

@dataclass(frozen=True)
class Earlier:
	"""The hours that hold for windows that begin before a local date: the calendar as it was until then."""

	until: date
	hours: WorkCalendar
