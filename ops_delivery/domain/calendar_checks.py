"""What a calendar is made of, held to what it can be: its zone, its week, the windows of a date that differs (6.3.b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.work_window import DAY, WEEKDAYS, DayException, Window, first_overlap, weekly_overlap

KINDS = ("holiday", "makeup", "special")


def load_zone(zone: str) -> ZoneInfo:
	"""The zone of that IANA name. DomainError "unknown_zone"."""
	try:
		return ZoneInfo(zone)
	except (KeyError, ValueError, TypeError, OSError):
		raise DomainError(
			"unknown_zone", "There is no time zone {value!r}.", field="time_zone", value=zone
		) from None


def _day_of_overlap(weekday: int, first: Window, second: Window, table: Sequence[Sequence[Window]]) -> int:
	"""The weekday on which both run: the next one where the second begins after the first one's midnight."""
	same = first_overlap(table[weekday]) == (first, second)
	return (weekday + (0 if same and second.start < DAY else 1)) % 7


def checked_week(week: Mapping[int, Sequence[Window]]) -> tuple[tuple[Window, ...], ...]:
	"""The week as seven sorted tuples of windows."""
	for weekday in week:
		if weekday not in range(7):
			raise DomainError("bad_calendar", "There is no weekday {value!r}.", field="week", value=weekday)
	table = tuple(tuple(sorted(week.get(weekday, ()))) for weekday in range(7))
	if not any(table):
		raise DomainError("no_working_time", "The calendar has no working window in any week.", field="week")
	if clash := weekly_overlap(table):
		weekday, first, second = clash
		raise DomainError(
			"overlapping_windows",
			"{weekday}: the windows {first} and {second} overlap.",
			field=f"week.{WEEKDAYS[weekday]}",
			weekday=WEEKDAYS[weekday],
			overlap=WEEKDAYS[_day_of_overlap(weekday, first, second, table)],
			first="-".join(first.format()),
			second="-".join(second.format()),
		)
	return table


def windows_of(exception: DayException, week: Sequence[Sequence[Window]]) -> tuple[Window, ...]:
	"""The windows an exception puts in place, or the DomainError it deserves."""
	problem = {"date": exception.date, "field": "exceptions"}
	if exception.kind not in KINDS:
		raise DomainError(
			"bad_calendar", "{date}: there is no kind {value!r}.", value=exception.kind, **problem
		)
	if first_overlap(exception.windows):
		raise DomainError("overlapping_exception", "The windows of {date} overlap.", **problem)
	if exception.kind == "holiday":
		if exception.windows:
			raise DomainError(
				"holiday_with_windows", "The holiday {date} has working windows.", **problem
			)
		return ()
	if exception.windows:
		return exception.windows
	if exception.kind == "special":
		raise DomainError("special_without_windows", "The special hours of {date} are empty.", **problem)
	windows = week[exception.weekday] if exception.weekday in range(7) else ()
	if not windows:
		raise DomainError(
			"makeup_without_windows", "The make-up day {date} has no working windows.", **problem
		)
	return windows
