"""Working windows of a day and the dates that differ from the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from ops_delivery.domain.errors import DomainError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = 86_400

_CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


@dataclass(frozen=True, order=True)
class Window:
	"""One stretch of working time, in seconds of the wall clock since local midnight.

	0 <= start < 86400 and start < end <= start + 86400. An end above 86400 runs over midnight; the window belongs
	to the date on which it starts. Anything else is DomainError "bad_time".
	"""

	start: int
	end: int

	def __post_init__(self) -> None:
		if not (0 <= self.start < DAY and self.start < self.end <= self.start + DAY):
			raise DomainError(
				"bad_time",
				"A working window cannot run from second {start} to second {end} of a day.",
				start=self.start,
				end=self.end,
			)

	@classmethod
	def parse(cls, start: str | time | timedelta, end: str | time | timedelta) -> Window:
		"""Read a window from clock times: "09:00", a time, or a timedelta since midnight (Frappe's Time fields).

		An end at or before the start lies on the next date; "24:00" and "00:00" end at midnight, and from 00:00
		to 00:00 is the whole day. DomainError "bad_time" for what cannot be read.
		"""
		first, last = _seconds(start), _seconds(end)
		if first == DAY:
			raise _unreadable(start)
		return cls(first, last if last > first else last + DAY)

	def format(self) -> tuple[str, str]:
		"""("09:00", "18:00"): HH:MM, or HH:MM:SS where seconds matter; an end at midnight is "24:00"."""
		return _clock(self.start), _clock(self.end if self.end <= DAY else self.end - DAY)


@dataclass(frozen=True)
class DayException:
	"""A date on which the weekly table does not apply to the windows that start on it.

	"holiday": no window. "makeup": a day off that is worked (调休), with its own windows or, where it has none, those
	of another `weekday` (0 = Monday). "special": its own windows instead of the week's.
	"""

	date: date
	kind: str
	windows: tuple[Window, ...] = ()
	weekday: int | None = None
	note: str = ""

	def __post_init__(self) -> None:
		object.__setattr__(self, "windows", tuple(sorted(self.windows)))


def first_overlap(windows: Iterable[Window]) -> tuple[Window, Window] | None:
	"""The first two windows of a sorted sequence that share time; windows that merely touch do not."""
	return next(((a, b) for a, b in pairwise(windows) if b.start < a.end), None)


def weekly_overlap(week: Sequence[Sequence[Window]]) -> tuple[int, Window, Window] | None:
	"""The first overlap of a week of sorted windows, with its weekday: within a day, or from its night into the next."""
	for weekday, windows in enumerate(week):
		tomorrow = week[(weekday + 1) % 7]
		if clash := first_overlap(windows):
			return weekday, *clash
		if windows and tomorrow and windows[-1].end - DAY > tomorrow[0].start:
			return weekday, windows[-1], tomorrow[0]
	return None


def _seconds(value: str | time | timedelta) -> int:
	"""Seconds since midnight, 0..86400 (86400 only as "24:00" or timedelta(days=1))."""
	if isinstance(value, time):
		return value.hour * 3600 + value.minute * 60 + value.second
	if isinstance(value, timedelta):
		seconds = value.days * DAY + value.seconds
	elif isinstance(value, str) and (match := _CLOCK_TIME.fullmatch(value.strip())):
		hour, minute, second = (int(part or 0) for part in match.groups())
		seconds = hour * 3600 + minute * 60 + second if minute < 60 and second < 60 else -1
	else:
		seconds = -1
	if not 0 <= seconds <= DAY:
		raise _unreadable(value)
	return seconds


def _unreadable(value: object) -> DomainError:
	return DomainError("bad_time", "{value!r} is not a time of day.", value=value)


def _clock(seconds: int) -> str:
	minutes, second = divmod(seconds, 60)
	return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{second:02}" if second else "")
