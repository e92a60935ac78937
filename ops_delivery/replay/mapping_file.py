"""A mapping's JSON file, read strictly: every error names the key and the value (docs/replay.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ops_delivery.replay import month_names, time_formats
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.hold_times import UNITS
from ops_delivery.replay.mapping import (
	FORMAT,
	MET,
	NEUTRAL,
	PAUSE,
	RUN,
	TICKETS,
	UPDATES,
	At,
	ColumnRule,
	LogMapping,
	StateRule,
	check_zone,
)

KEYS = {
	"format", "name", "title", "shape", "encoding", "delimiter", "time_format", "time_zone", "empty", "columns",
	"states", "neutral", "priorities", "commitments", "credit", "language", "duplicates", "where", "sheet", "guessed", "unknown",
}  # fmt: skip
COLUMNS = {UPDATES: ("ticket", "created", "event_time", "state"), TICKETS: ("ticket", "created")}
OPTIONAL = {UPDATES: ("priority", "sequence"), TICKETS: ("priority", "state")}
TIMES = ("created", "event_time")


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
		if unknown := self.texts(data.get("unknown", []), "unknown"):
			raise self.fail(
				"unknown", f"the draft leaves open: {'; '.join(unknown)} (answer, and take the key out)"
			)
		shape = data.get("shape", UPDATES)
		if shape not in COLUMNS:
			raise self.fail("shape", f'must be "{UPDATES}" or "{TICKETS}", not {quote(shape)}')
		states = self.texts(data.get("states", []), "states")
		if shape == UPDATES and not states:
			raise self.fail("states", "must list every state that the log may hold")
		neutral = self.texts(data.get("neutral", []), "neutral")
		columns = self.columns(shape)
		if shape == TICKETS and bool(neutral) != ("state" in columns):
			raise self.fail(
				"neutral",
				"needs columns.state, the column of these states, and has no meaning without the other",
			)
		states = list(dict.fromkeys([*states, *neutral]))
		credit = self.object("credit")
		return LogMapping(
			source=self.source,
			name=self.text(data.get("name") or Path(self.source).stem, "name"),
			title=str(data.get("title", "")),
			shape=shape,
			columns=columns,
			states=tuple(states),
			neutral=frozenset(neutral),
			priorities={
				key: self.text(value, f"priorities.{key}") for key, value in self.object("priorities").items()
			},
			commitments=self.commitments(shape, states, neutral),
			time_formats=self.time_formats(),
			time_zone=self.time_zone(),
			language=self.language(),
			empty=frozenset(["", *self.texts(data.get("empty", ["?"]), "empty")]),
			duplicates=self.duplicates(),
			where=self.text(data["where"], "where") if "where" in data else "",
			encoding=self.encoding(),
			delimiter=self.delimiter(),
			sheet=self.text(data["sheet"], "sheet") if "sheet" in data else None,
			credit=str(credit.get("text", "")),
			credit_columns=frozenset(self.texts(credit.get("if_columns", []), "credit.if_columns")),
			guessed=tuple(self.texts(data.get("guessed", []), "guessed")),
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

	def at(self, value: Any, key: str) -> At:
		"""A time's column, or {"date": column, "time": column}."""
		if isinstance(value, dict):
			self.keys(key, value, {"date", "time"})
			return self.text(value.get("date"), f"{key}.date"), self.text(value.get("time"), f"{key}.time")
		return (self.text(value, key),)

	def columns(self, shape: str) -> dict[str, At]:
		columns = {}
		for key, value in self.object("columns").items():
			if key not in (*COLUMNS[shape], *OPTIONAL[shape]):
				raise self.fail(f"columns.{key}", f"is not a column of the shape {quote(shape)}")
			path = f"columns.{key}"
			columns[key] = self.at(value, path) if key in TIMES else (self.text(value, path),)
		for key in COLUMNS[shape]:
			if key not in columns:
				raise self.fail(f"columns.{key}", "is missing")
		return columns

	def time_formats(self) -> tuple[str, ...]:
		value = self.data.get("time_format")
		formats = self.texts(value if isinstance(value, list) else [value], "time_format")
		for name in formats:
			if problem := time_formats.problem_of(name):
				raise self.fail("time_format", problem)
		if not formats:
			raise self.fail("time_format", "must name at least one format")
		return tuple(formats)

	def language(self) -> str | None:
		if "language" not in self.data:
			return None
		value = self.text(self.data["language"], "language")
		if not month_names.knows(value):
			more = (
				""
				if month_names.babel_is_here()
				else " (other languages than English and Chinese need Babel: pip install babel)"
			)
			raise self.fail("language", f"the months of {quote(value)} are not known{more}")
		return value

	def duplicates(self) -> str:
		value = self.data.get("duplicates", "first")
		if value not in ("first", "last"):
			raise self.fail("duplicates", f'must be "first" or "last", not {quote(value)}')
		return value

	def delimiter(self) -> str | None:
		if "delimiter" not in self.data:
			return None
		value = self.text(self.data["delimiter"], "delimiter")
		if len(value) != 1 or value in '"\r\n':
			raise self.fail("delimiter", f"must be one character, not {quote(value)}")
		return value

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

	def commitments(
		self, shape: str, states: list[str], neutral: list[str]
	) -> dict[str, StateRule | ColumnRule]:
		rules = self.object("commitments")
		if not rules:
			raise self.fail("commitments", "must name at least one commitment")
		if shape == TICKETS:
			return {name: self.column_rule(f"commitments.{name}", rule) for name, rule in rules.items()}
		return {
			name: self.state_rule(f"commitments.{name}", rule, states, neutral)
			for name, rule in rules.items()
		}

	def state_rule(self, path: str, rule: Any, states: list[str], neutral: list[str]) -> StateRule:
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
		effect |= dict.fromkeys(neutral, NEUTRAL)
		return StateRule(effect, reopens)

	def condition(self, path: str, value: Any, states: list[str]) -> list[str]:
		"""The states of a condition: a list of them, or {"not_in": list} for all others."""
		negated = isinstance(value, dict) and set(value) == {"not_in"}
		named = self.texts(value["not_in"] if negated else value, path)
		for state in named:
			if state not in states:
				raise self.fail(path, f"{quote(state)} is not one of the states")
		return [state for state in states if state not in named] if negated else named

	def column_rule(self, path: str, rule: Any) -> ColumnRule:
		self.keys(
			path, rule, {"met_at", "paused_between", "paused_for", "paused_for_unit", "paused_for_counts"}
		)
		met_at = rule.get("met_at")
		met_at = [
			self.at(item, f"{path}.met_at") for item in (met_at if isinstance(met_at, list) else [met_at])
		]
		pairs = rule.get("paused_between", [])
		if not isinstance(pairs, list) or not all(
			isinstance(pair, list) and len(pair) == 2 for pair in pairs
		):
			raise self.fail(f"{path}.paused_between", 'must be a list of ["from column", "to column"]')
		key = f"{path}.paused_between"
		paused = tuple((self.at(start, key), self.at(end, key)) for start, end in pairs)
		lengths = rule.get("paused_for", [])
		lengths = self.texts(lengths if isinstance(lengths, list) else [lengths], f"{path}.paused_for")
		unit = rule.get("paused_for_unit", "seconds")
		if unit not in UNITS:
			raise self.fail(
				f"{path}.paused_for_unit", f"must be one of {', '.join(UNITS)}, not {quote(unit)}"
			)
		counts = rule.get("paused_for_counts", "service")
		if counts not in ("service", "wall"):
			raise self.fail(f"{path}.paused_for_counts", f'must be "service" or "wall", not {quote(counts)}')
		if paused and lengths:
			raise self.fail(
				f"{path}.paused_for", "has no place beside paused_between: a hold would count twice"
			)
		return ColumnRule(tuple(met_at), paused, tuple(lengths), unit, counts == "wall")

	def keys(self, path: str, rule: Any, known: set[str]) -> None:
		if not isinstance(rule, dict):
			raise self.fail(path, f"must be an object, not {quote(rule)}")
		for key in rule:
			if key not in known:
				raise self.fail(f"{path}.{key}", f"is not known here (known: {', '.join(sorted(known))})")
