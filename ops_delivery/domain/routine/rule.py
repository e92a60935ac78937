"""A recurrence rule of RFC 5545 as a value: what its text says, read strictly.

Read strictly means: a part that is unknown, doubled or out of its range is refused by name, and so is what the RFC forbids
(rule_checks.py). Times are those of the wall clock; nothing here knows a time zone.

Written for clause 6.2.a.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine import rule_checks

YEARLY, MONTHLY, WEEKLY, DAILY = "YEARLY", "MONTHLY", "WEEKLY", "DAILY"
HOURLY, MINUTELY, SECONDLY = "HOURLY", "MINUTELY", "SECONDLY"
FREQUENCIES = (YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 9999  # of INTERVAL and COUNT: no schedule means more, and a slip of the keyboard does

_UNTIL = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_SIGNED = re.compile(r"[+-]?\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class Rule:
	"""What a rule says and no more: an empty tuple, or None, is a part that was not given.

	`by_day` holds pairs of a number and a weekday (0 = Monday): (0, 0) is every Monday, (-1, 4) the last Friday. `until_utc`:
	UNTIL was written with a Z, which says nothing here, as all times are local.
	"""

	freq: str
	interval: int = 1
	count: int | None = None
	until: date | datetime | None = None
	until_utc: bool = False
	by_month: tuple[int, ...] = ()
	by_week: tuple[int, ...] = ()
	by_year_day: tuple[int, ...] = ()
	by_month_day: tuple[int, ...] = ()
	by_day: tuple[tuple[int, int], ...] = ()
	by_hour: tuple[int, ...] = ()
	by_minute: tuple[int, ...] = ()
	by_second: tuple[int, ...] = ()
	by_position: tuple[int, ...] = ()
	week_start: int = 0

	def __post_init__(self) -> None:
		rule_checks.check(self)

	@classmethod
	def read(cls, text: str) -> Rule:
		"""The rule of a text such as "FREQ=WEEKLY;BYDAY=MO,TH"; "RRULE:" before it and small letters are let pass.

		DomainError: rule_empty, rule_many_lines, rule_trailing_separator, rule_part_unknown, rule_part_twice,
		rule_bad_value, and what rule_checks refuses. `field` is the part, `value` what stood there.
		"""
		return cls(**_parts(text))

	def text(self) -> str:
		"""The rule as RFC 5545 writes it, its parts in one order and its numbers sorted; read() gives the same rule."""
		said = [f"FREQ={self.freq}"]
		if self.interval != 1:
			said.append(f"INTERVAL={self.interval}")
		if self.count is not None:
			said.append(f"COUNT={self.count}")
		if self.until is not None:
			shape = "%Y%m%dT%H%M%S" if isinstance(self.until, datetime) else "%Y%m%d"
			said.append(f"UNTIL={self.until.strftime(shape).zfill(8)}{'Z' if self.until_utc else ''}")
		for name, (attribute, _read) in PARTS.items():
			if attribute.startswith("by_") and (values := getattr(self, attribute)):
				said.append(f"{name}={','.join(_written(value) for value in values)}")
		if self.week_start:
			said.append(f"WKST={DAYS[self.week_start]}")
		return ";".join(said)

	def with_(self, **changes: Any) -> Rule:
		"""The same rule but for some parts, checked again."""
		return Rule(**{**{field.name: getattr(self, field.name) for field in fields(self)}, **changes})


def bad_value(field: str, value: object, wanted: str) -> DomainError:
	"""A part of a rule whose value is none of those it may have."""
	return DomainError(
		"rule_bad_value", "{field}={value}: {field} takes {wanted}.", field=field, value=value, wanted=wanted
	)


def _parts(text: str) -> dict[str, Any]:
	if "\n" in text.strip() or "\r" in text.strip():
		raise DomainError(
			"rule_many_lines",
			"The rule has more than one line. Give the line of RRULE alone; the start, exceptions and further rules have no place in it.",
			field="rule",
			value=text,
		)
	plain = text.strip().upper().removeprefix("RRULE:")
	if not plain:
		raise DomainError("rule_empty", "There is no rule. A rule is, for example, FREQ=WEEKLY;BYDAY=MO,TH.", field="rule", value=text)
	if plain.endswith(";"):
		raise DomainError(
			"rule_trailing_separator",
			"The rule {value} ends with a semicolon: take it away, or add the part that is missing.",
			field="rule",
			value=text.strip(),
		)
	found: dict[str, Any] = {}
	for part in plain.split(";"):
		name, equals, value = part.partition("=")
		if name not in PARTS or not equals:
			raise DomainError(
				"rule_part_unknown",
				"{value} is no part of a rule. Parts are written NAME=VALUE with a semicolon between them; the names are {known}.",
				field="rule",
				value=part or ";;",
				known=", ".join(PARTS),
			)
		attribute, read = PARTS[name]
		if attribute in found:
			raise DomainError(
				"rule_part_twice",
				"{field} is given twice. Give it once, with commas between its values where it may have several.",
				field=name,
				value=value,
			)
		found[attribute] = read(name, value)
	if "freq" not in found:
		raise DomainError(
			"rule_without_frequency", "The rule {value} has no FREQ. Add, for example, FREQ=WEEKLY.", field="FREQ", value=text.strip()
		)
	if found.get("until") is not None:
		found["until"], found["until_utc"] = found["until"]
	return found


def _frequency(name: str, value: str) -> str:
	if value not in FREQUENCIES:
		raise bad_value(name, value, "one of " + ", ".join(FREQUENCIES))
	return value


def _weekday(name: str, value: str) -> int:
	if value not in DAYS:
		raise bad_value(name, value, "one of " + ", ".join(DAYS))
	return DAYS.index(value)


def _count(name: str, value: str) -> int:
	if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MOST:
		raise bad_value(name, value, f"a whole number from 1 to {MOST}")
	return int(value)


def _until(name: str, value: str) -> tuple[date | datetime, bool]:
	found = _UNTIL.fullmatch(value)
	try:
		if not found:
			raise ValueError(value)
		year, month, day, hour, *rest = found.groups()
		if hour is None:
			return date(int(year), int(month), int(day)), False
		minute, second, zone = rest
		whole = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001 - wall clock
		return whole, bool(zone)
	except ValueError:
		raise bad_value(name, value, "a day such as 20261231, or a local time such as 20261231T235959") from None


def _list(least: int, most: int, signed: bool = False) -> Callable[[str, str], tuple[int, ...]]:
	"""A reader of numbers between commas; signed ones count from the end when negative, and none is 0."""
	shape = _SIGNED if signed else _NUMBER
	wanted = f"numbers from {least} to {most}" + (f" or from -{most} to -{least}" if signed else "")

	def read(name: str, value: str) -> tuple[int, ...]:
		items = value.split(",")
		for item in items:
			if not shape.fullmatch(item) or not least <= (abs(int(item)) if signed else int(item)) <= most:
				raise bad_value(name, value, f"{wanted}, with commas between them")
		return tuple(sorted({int(item) for item in items}))

	return read


def _by_day(name: str, value: str) -> tuple[tuple[int, int], ...]:
	found = set()
	for item in value.split(","):
		match = _DAY.fullmatch(item)
		number = int(match[1]) if match and match[1] else 0
		if not match or abs(number) > 53 or (match[1] and not number):
			raise bad_value(name, value, "weekdays such as MO, or 1MO and -1FR within a month or year, with commas between them")
		found.add((number, DAYS.index(match[2])))
	return tuple(sorted(found, key=lambda day: (day[1], day[0])))


def _written(value: int | tuple[int, int]) -> str:
	return f"{value[0] or ''}{DAYS[value[1]]}" if isinstance(value, tuple) else str(value)


PARTS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
	"FREQ": ("freq", _frequency),
	"INTERVAL": ("interval", _count),
	"COUNT": ("count", _count),
	"UNTIL": ("until", _until),
	"BYMONTH": ("by_month", _list(1, 12)),
	"BYWEEKNO": ("by_week", _list(1, 53, signed=True)),
	"BYYEARDAY": ("by_year_day", _list(1, 366, signed=True)),
	"BYMONTHDAY": ("by_month_day", _list(1, 31, signed=True)),
	"BYDAY": ("by_day", _by_day),
	"BYHOUR": ("by_hour", _list(0, 23)),
	"BYMINUTE": ("by_minute", _list(0, 59)),
	"BYSECOND": ("by_second", _list(0, 59)),
	"BYSETPOS": ("by_position", _list(1, 366, signed=True)),
	"WKST": ("week_start", _weekday),
}
