"""A calendar's definition as plain JSON values, both ways: what WorkCalendar.to_dict and from_dict speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ops_delivery.domain.strict_json import Table, within, wrong
from ops_delivery.domain.work_window import WEEKDAYS, DayException, Window

CODE = "bad_calendar"


def dump(
	name: str, zone: str, week: Sequence[Sequence[Window]], exceptions: Sequence[DayException]
) -> dict[str, Any]:
	"""{"name", "time_zone", "week": {"Monday": [["09:00", "12:00"], …], …}, "exceptions": […]}, without free weekdays."""
	return {
		"name": name,
		"time_zone": zone,
		"week": {WEEKDAYS[day]: _dump_windows(windows) for day, windows in enumerate(week) if windows},
		"exceptions": [
			{
				"date": e.date.isoformat(),
				"kind": e.kind,
				"weekday": None if e.weekday is None else WEEKDAYS[e.weekday],
				"windows": _dump_windows(e.windows),
				"note": e.note,
			}
			for e in exceptions
		],
	}


def load(data: Mapping[str, Any]) -> dict[str, Any]:
	"""The arguments of WorkCalendar. DomainError "bad_calendar" or "bad_time", with `field`."""
	top = Table(data, "", CODE).only("name time_zone week exceptions earlier")
	week = top.table("week").only(" ".join(WEEKDAYS))
	return {
		"zone": top.text("time_zone"),
		"week": {WEEKDAYS.index(day): _load_windows(week, day) for day in week},
		"exceptions": [_load_exception(row) for row in top.tables("exceptions", ())],
		"name": top.text("name", ""),
		"earlier": _load_earlier(top),
	}


def _load_earlier(top: Table) -> tuple[date, dict[str, Any]] | None:
	"""The date until which other hours hold, and these hours as they stand in the file."""
	if top.value("earlier", None) is None:
		return None
	row = top.table("earlier").only("until hours")
	return row.date("until"), row.table("hours").row


def _dump_windows(windows: Sequence[Window]) -> list[list[str]]:
	return [list(window.format()) for window in windows]


def _load_windows(table: Table, key: str) -> tuple[Window, ...]:
	return tuple(_load_window(path, pair) for path, pair in table.list(key, ()))


def _load_window(path: str, pair: Any) -> Window:
	if not isinstance(pair, (list, tuple)) or len(pair) != 2:
		raise wrong(CODE, path, pair, "is not a pair of start and end")
	return within(path, Window.parse, *pair)


def _load_exception(row: Table) -> DayException:
	row.only("date kind weekday windows note")
	weekday = row.text("weekday", None) or None
	if weekday is not None and weekday not in WEEKDAYS:
		raise row.bad("weekday", "a weekday")
	return DayException(
		date=row.date("date"),
		kind=row.text("kind"),
		windows=_load_windows(row, "windows"),
		weekday=None if weekday is None else WEEKDAYS.index(weekday),
		note=row.text("note", ""),
	)
