"""Readings as machines send them, JSON or CSV, before anything is known of objects and steps.

Written for clauses 6.2.b.4 and 5.3.b.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.monitoring import payload

EXAMPLE = '{"readings": [{"object": "…", "metric": "…", "value": 1, "time": "…"}]}'
COLUMNS = ("metric", "value", "time")
TICKS = {"1": True, "true": True, "0": False, "false": False, "": False}


@dataclass(frozen=True)
class Sent:
	"""One line as it came: of which object and metric ("" where it does not say), the value, its unit, and when (aware)."""

	number: int
	object: str
	metric: str
	value: Any
	unit: str
	taken_on: datetime


@dataclass(frozen=True)
class Message:
	"""The lines of a message, each read or refused with its DomainError, and whether it wants all of them or none."""

	lines: tuple[Sent | DomainError, ...]
	whole: bool


def of_json(text: str, zone: tzinfo) -> Message:
	"""{"readings": [{"object", "metric", "value", "unit", "time"}, …], "whole": true}, or the list alone.

	DomainError for the message: those of payload.json_of and counted, and readings_missing, bad_whole.
	"""
	data = payload.json_of(text)
	rows, whole = (data.get("readings"), data.get("whole", False)) if isinstance(data, dict) else (data, False)
	if not isinstance(rows, list) or not rows:
		raise DomainError(
			"readings_missing",
			"The message has no list of readings. Send one, such as {example}.",
			field="readings",
			value=payload.shown(rows),
			example=EXAMPLE,
		)
	return Message(_read(payload.counted(iter(rows)), zone), wants_all(whole))


def of_csv(text: str, zone: tzinfo) -> Message:
	"""A head line with object, metric, value, unit and time, in any order, and a line for each reading.

	DomainError for the message: those of payload.rows_of and counted, and readings_missing.
	"""
	rows = payload.counted(payload.rows_of(text, COLUMNS))
	if not rows:
		raise DomainError("csv_without_rows", "There is no line below the first one.", field="body", value="")
	return Message(_read(rows, zone), False)


def wants_all(value: Any) -> bool:
	"""Whether all lines are wanted or none. DomainError: bad_whole."""
	if isinstance(value, bool):
		return value
	if (found := TICKS.get(str(value).strip().lower()[:10])) is None:
		raise DomainError("bad_whole", "whole is {value}, and has to be true or false.", field="whole", value=payload.shown(value))
	return found


def _read(rows: list[Any], zone: tzinfo) -> tuple[Sent | DomainError, ...]:
	def line(number: int, row: Any) -> Sent:
		value = row.get("value")
		if isinstance(value, dict | list):
			raise DomainError("value_no_value", "value is {value}, and has to be a number or a text.", field="value", value=payload.shown(value))
		if isinstance(value, str):
			value = payload.plain(value)
			if len(value) > payload.LONGEST_NAME:
				raise DomainError(
					"text_too_long",
					"{field} is longer than {most} characters: {value}",
					field="value",
					value=payload.shown(value),
					most=payload.LONGEST_NAME,
				)
		elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**18:
			value = str(value)[:40]  # beyond what a float can be; refused as what it is
		return Sent(
			number,
			payload.named(row, "object"),
			payload.named(row, "metric") or payload.named(row, "step"),
			value,
			payload.named(row, "unit"),
			payload.moment(row, "time", zone),
		)

	return tuple(payload.each(rows, line))
