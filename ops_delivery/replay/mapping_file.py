"""A mapping's JSON file, read strictly: every error names the key and the value (docs/replay.md)."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.mapping import (
	FORMAT,
	MET,
	PAUSE,
	RUN,
	TICKETS,
	UPDATES,
	ColumnRule,
	LogMapping,
	StateRule,
	check_zone,
)

KEYS = {
	"format", "name", "title", "shape", "encoding", "delimiter", "time_format", "time_zone", "empty", "columns",
	"states", "priorities", "commitments", "credit",
}  # fmt: skip
COLUMNS = {UPDATES: ("ticket", "created", "event_time", "state"), TICKETS: ("ticket", "created")}


def parse(text: str, source: str) -> LogMapping:
	"""Reads and checks a mapping's JSON text; errors name the key and the value."""
	try:
		data = json.loads(text)
	except json.JSONDecodeError as error:
		raise InputError(source, f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}")
	if not isinstance(data, dict):
		raise InputError(source, "must be a JSON object")
	return _Reader(data, source).mapping()


class _Reader:
	"""Takes a mapping apart, key by key."""

	def __init__(self, data: dict[str, Any], source: str) -> None:
		self.data, self.source = data, source

	def fail(self, key: str, problem: str) -> InputError:
		return InputError(self.source, f"{key}: {problem}")

	def mapping(self) -> LogMapping:
		data = self.data
		if data.get("format") != FORMAT:
			raise self.fail("format", f"must be {quote(FORMAT)}, not {quote(data.get('format'))}")
		for key in data:
			if key not in KEYS:
				raise self.fail(key, f"is not a key of a mapping (known: {', '.join(sorted(KEYS))})")
		shape = data.get("shape", UPDATES)
		if shape not in COLUMNS:
			raise self.fail("shape", f'must be "{UPDATES}" or "{TICKETS}", not {quote(shape)}')
		states = self.texts(data.get("states", []), "states")
		if shape == UPDATES and not states:
			raise self.fail("states", "must list every state that the log may hold")
		credit = self.object("credit")
		delimiter = self.text(data["delimiter"], "delimiter") if "delimiter" in data else None
		if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
			raise self.fail("delimiter", f"must be one character, not {quote(delimiter)}")
		return LogMapping(
			source=self.source,
			name=self.text(data.get("name") or Path(self.source).stem, "name"),
			title=str(data.get("title", "")),
			shape=shape,
			columns=self.columns(shape),
			states=frozenset(states),
			priorities={
				key: self.text(value, f"priorities.{key}") for key, value in self.object("priorities").items()
			},
			commitments=self.commitments(shape, states),
			time_formats=self.time_formats(),
			time_zone=self.time_zone(),
			empty=frozenset(["", *self.texts(data.get("empty", ["?"]), "empty")]),
			encoding=self.encoding(),
			delimiter=delimiter,
			credit=str(credit.get("text", "")),
			credit_columns=frozenset(self.texts(credit.get("if_columns", []), "credit.if_columns")),
		)

	def object(self, key: str) -> dict[str, Any]:
		value = self.data.get(key) or {}
		if not isinstance(value, dict):
			raise self.fail(key, "must be an object")
		return value

	def text(self, value: Any, key: str) -> str:
		if not isinstance(value, str) or not value:
			raise self.fail(key, f"must be a text, not {quote(value)}")
		return value

	def texts(self, value: Any, key: str) -> list[str]:
		if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
			raise self.fail(key, f"must be a list of texts, not {quote(value)}")
		return value

	def columns(self, shape: str) -> dict[str, str]:
		columns = {key: self.text(value, f"columns.{key}") for key, value in self.object("columns").items()}
		for key in COLUMNS[shape]:
			if key not in columns:
				raise self.fail(f"columns.{key}", "is missing")
		for key in columns:
			if key not in (*COLUMNS[shape], "priority"):
				raise self.fail(f"columns.{key}", f"is not a column of the shape {quote(shape)}")
		return columns

	def time_formats(self) -> tuple[str, ...]:
		value = self.data.get("time_format")
		formats = self.texts(value if isinstance(value, list) else [value], "time_format")
		for name in formats:
			if name != "iso" and not ("%" in name and _is_date_format(name)):
				raise self.fail(
					"time_format", f'must be "iso" or a pattern such as "%d/%m/%Y %H:%M", not {quote(name)}'
				)
		return tuple(formats)

	def time_zone(self) -> str | None:
		value = self.data.get("time_zone")
		if value is None:
			return None
		check_zone(value, self.source, "time_zone")
		return value

	def encoding(self) -> str | None:
		if "encoding" not in self.data:
			return None
		value = self.text(self.data["encoding"], "encoding")
		try:
			"".encode(value)
		except LookupError:
			raise self.fail("encoding", f"unknown encoding {quote(value)}")
		return "utf-8-sig" if value.lower() in ("utf-8", "utf8") else value

	def commitments(self, shape: str, states: list[str]) -> dict[str, StateRule | ColumnRule]:
		rules = self.object("commitments")
		if not rules:
			raise self.fail("commitments", "must name at least one commitment")
		read = self.state_rule if shape == UPDATES else self.column_rule
		return {name: read(f"commitments.{name}", rule, states) for name, rule in rules.items()}

	def state_rule(self, path: str, rule: Any, states: list[str]) -> StateRule:
		self.keys(path, rule, {"start", "met", "paused", "reopens"})
		if rule.get("start", "created") != "created":
			raise self.fail(f"{path}.start", f'must be "created", not {quote(rule["start"])}')
		reopens = rule.get("reopens", False)
		if not isinstance(reopens, bool):
			raise self.fail(f"{path}.reopens", f"must be true or false, not {quote(reopens)}")
		if "met" not in rule:
			raise self.fail(f"{path}.met", "is missing")
		effect = dict.fromkeys(states, RUN)
		effect |= dict.fromkeys(self.condition(f"{path}.paused", rule.get("paused", []), states), PAUSE)
		effect |= dict.fromkeys(self.condition(f"{path}.met", rule["met"], states), MET)
		return StateRule(effect, reopens)

	def condition(self, path: str, value: Any, states: list[str]) -> list[str]:
		"""The states of a condition: a list of them, or {"not_in": list} for all others."""
		negated = isinstance(value, dict) and set(value) == {"not_in"}
		named = self.texts(value["not_in"] if negated else value, path)
		for state in named:
			if state not in states:
				raise self.fail(path, f"{quote(state)} is not one of the states")
		return [state for state in states if state not in named] if negated else named

	def column_rule(self, path: str, rule: Any, states: list[str]) -> ColumnRule:
		self.keys(path, rule, {"met_at", "paused_between"})
		met_at = rule.get("met_at")
		met_at = self.texts(met_at if isinstance(met_at, list) else [met_at], f"{path}.met_at")
		pairs = rule.get("paused_between", [])
		if not isinstance(pairs, list) or not all(
			isinstance(pair, list) and len(pair) == 2 for pair in pairs
		):
			raise self.fail(f"{path}.paused_between", 'must be a list of ["from column", "to column"]')
		paused = tuple((self.text(start, path), self.text(end, path)) for start, end in pairs)
		return ColumnRule(tuple(met_at), paused)

	def keys(self, path: str, rule: Any, known: set[str]) -> None:
		if not isinstance(rule, dict):
			raise self.fail(path, f"must be an object, not {quote(rule)}")
		for key in rule:
			if key not in known:
				raise self.fail(f"{path}.{key}", f"is not known here (known: {', '.join(sorted(known))})")


def _is_date_format(name: str) -> bool:
	"""Whether strptime takes `name` and a time written with it can be read back."""
	sample = datetime(2016, 12, 31, 13, 45)  # noqa: DTZ001 (a wall time)
	try:
		return datetime.strptime(sample.strftime(name), name).date() == sample.date()  # noqa: DTZ007
	except ValueError:
		return False
