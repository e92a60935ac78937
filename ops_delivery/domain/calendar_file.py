"""A calendar's definition as plain JSON values, both ways. Used by WorkCalendar.to_dict and from_dict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.window import WEEKDAYS, DayException, Window


def dump(
	name: str, zone: str, week: Sequence[Sequence[Window]], exceptions: Sequence[DayException]
) -> dict[str, Any]:
	"""{"name", "time_zone", "week": {"Monday": [["09:00", "12:00"], …], …}, "exceptions": […]}; free days are left out."""
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
	check_keys(data, "", required=("time_zone", "week"), optional=("name", "exceptions"))
	if not isinstance(data["week"], Mapping):
		raise bad("week", data["week"], "a table of weekdays")
	if not isinstance(data.get("name") or "", str):
		raise bad("name", data["name"], "a name")
	return {
		"zone": data["time_zone"],
		"week": {
			_weekday(day, f"week.{day}"): _load_windows(windows, f"week.{day}")
			for day, windows in data["week"].items()
		},
		"exceptions": [
			_load_exception(row, f"exceptions[{i}]")
			for i, row in enumerate(_rows(data.get("exceptions", []), "exceptions"))
		],
		"name": data.get("name") or "",
	}


def bad(field: str, value: Any, wanted: str) -> DomainError:
	return DomainError(
		"bad_calendar", "{field}: {value!r} is not {wanted}.", field=field, value=value, wanted=wanted
	)


def check_keys(row: Any, field: str, required: Sequence[str], optional: Sequence[str]) -> None:
	if not isinstance(row, Mapping):
		raise bad(field, row, "a table")
	joint = f"{field}." if field else ""
	for key in required:
		if key not in row:
			raise DomainError("bad_calendar", "{field} is missing.", field=joint + key)
	for key in row:
		if key not in required and key not in optional:
			raise DomainError("bad_calendar", "{field} is unknown.", field=f"{joint}{key}", value=row[key])


def _dump_windows(windows: Sequence[Window]) -> list[list[str]]:
	return [list(window.format()) for window in windows]


def _load_windows(rows: Any, field: str) -> tuple[Window, ...]:
	return tuple(_load_window(row, f"{field}[{i}]") for i, row in enumerate(_rows(rows, field)))


def _load_window(row: Any, field: str) -> Window:
	if len(_rows(row, field)) != 2:
		raise bad(field, row, "a pair of start and end")
	try:
		return Window.parse(*row)
	except DomainError as error:
		raise error.under(field) from None


def _load_exception(row: Any, field: str) -> DayException:
	check_keys(row, field, required=("date", "kind"), optional=("weekday", "windows", "note"))
	try:
		day = date.fromisoformat(row["date"])
	except (TypeError, ValueError):
		raise bad(f"{field}.date", row["date"], "a date (YYYY-MM-DD)") from None
	weekday = row.get("weekday")
	return DayException(
		day,
		row["kind"],
		_load_windows(row.get("windows") or [], f"{field}.windows"),
		None if weekday is None else _weekday(weekday, f"{field}.weekday"),
		row.get("note") or "",
	)


def _weekday(value: Any, field: str) -> int:
	if value not in WEEKDAYS:
		raise bad(field, value, "a weekday")
	return WEEKDAYS.index(value)


def _rows(value: Any, field: str) -> Sequence[Any]:
	if not isinstance(value, (list, tuple)):
		raise bad(field, value, "a list")
	return value
