"""A mapping: which columns of a log hold what, and what its states mean for the commitments (docs/replay.md)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping as MappingType
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ops_delivery.replay.errors import InputError, quote

FORMAT = "ops_delivery.mapping/1"
UPDATES, TICKETS = "updates", "tickets"
# What a state does to a commitment's clock.
RUN, PAUSE, MET = "run", "pause", "met"

KEYS = {
	"format", "name", "title", "shape", "encoding", "delimiter", "time_format", "time_zone", "empty", "columns",
	"states", "priorities", "commitments", "credit",
}  # fmt: skip
COLUMNS = {UPDATES: ("ticket", "created", "event_time", "state"), TICKETS: ("ticket", "created")}


@dataclass(frozen=True)
class StateRule:
	"""One commitment of an `updates` log: what each known state does, and whether leaving `met` reopens the clock."""

	effect: MappingType[str, str]
	reopens: bool = False
	columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnRule:
	"""One commitment of a `tickets` log: the columns of its end (the first filled one) and of its pauses (from, to)."""

	met_at: tuple[str, ...]
	paused_between: tuple[tuple[str, str], ...] = ()
	reopens: bool = False

	@property
	def columns(self) -> tuple[str, ...]:
		"""Every column the rule reads."""
		return self.met_at + tuple(name for pair in self.paused_between for name in pair)


@dataclass(frozen=True)
class LogMapping:
	"""A mapping that has been read and checked; `source` names it in messages."""

	source: str
	name: str
	shape: str
	columns: MappingType[str, str]
	states: frozenset[str]
	priorities: MappingType[str, str]
	commitments: MappingType[str, StateRule | ColumnRule]
	time_formats: tuple[str, ...]
	time_zone: str | None = None
	empty: frozenset[str] = frozenset({""})
	encoding: str = "utf-8-sig"
	delimiter: str = ","
	title: str = ""
	credit: str = ""
	credit_columns: frozenset[str] = field(default_factory=frozenset)

	def needed_columns(self) -> list[str]:
		"""The columns a log must have, in the mapping's order, each once."""
		names = list(self.columns.values())
		for rule in self.commitments.values():
			names += rule.columns
		return list(dict.fromkeys(names))

	def missing_columns(self, header: Collection[str]) -> list[str]:
		"""The needed columns that `header` lacks."""
		return [name for name in self.needed_columns() if name not in header]

	def credit_for(self, header: Collection[str]) -> str:
		"""The credit to show with figures from a log with this header, empty if none is due."""
		return self.credit if self.credit and self.credit_columns <= set(header) else ""


def shipped() -> list[str]:
	"""The names of the mappings that come with the command."""
	folder = resources.files("ops_delivery.replay") / "mappings"
	return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json"))


def load(name_or_path: str) -> LogMapping:
	"""The shipped mapping of that name, or the mapping in that file."""
	if name_or_path in shipped():
		text = (resources.files("ops_delivery.replay") / "mappings" / f"{name_or_path}.json").read_text("utf-8")
		return parse(text, name_or_path)
	path = Path(name_or_path)
	try:
		return parse(path.read_text("utf-8-sig"), path.name)
	except FileNotFoundError:
		raise InputError(
			"--mapping", f"{quote(name_or_path)} is neither a file nor a shipped mapping ({', '.join(shipped())})"
		)
	except (OSError, UnicodeDecodeError) as error:
		raise InputError(name_or_path, f"cannot be read as UTF-8 text ({error})")


def detect(header: Collection[str], log: str) -> LogMapping:
	"""The shipped mapping that finds its columns in `header`; the one that needs most of them if several do."""
	mappings = [load(name) for name in shipped()]
	fitting = [mapping for mapping in mappings if not mapping.missing_columns(header)]
	if fitting:
		return max(fitting, key=lambda mapping: (len(mapping.needed_columns()), mapping.name))
	near = min(mappings, key=lambda mapping: len(mapping.missing_columns(header)) / len(mapping.needed_columns()))
	missing = ", ".join(quote(name) for name in near.missing_columns(header))
	raise InputError(
		log, f"no shipped mapping fits its columns (nearest: {near.name}, missing {missing}); give one with --mapping"
	)


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
		delimiter = self.text(data.get("delimiter", ","), "delimiter")
		if len(delimiter) != 1 or delimiter in '"\r\n':
			raise self.fail("delimiter", f"must be one character, not {quote(delimiter)}")
		return LogMapping(
			source=self.source,
			name=self.text(data.get("name") or Path(self.source).stem, "name"),
			title=str(data.get("title", "")),
			shape=shape,
			columns=self.columns(shape),
			states=frozenset(states),
			priorities={key: self.text(value, f"priorities.{key}") for key, value in self.object("priorities").items()},
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
				raise self.fail("time_format", f'must be "iso" or a pattern such as "%d/%m/%Y %H:%M", not {quote(name)}')
		return tuple(formats)

	def time_zone(self) -> str | None:
		value = self.data.get("time_zone")
		if value is None:
			return None
		check_zone(value, self.source, "time_zone")
		return value

	def encoding(self) -> str:
		value = self.text(self.data.get("encoding", "utf-8-sig"), "encoding")
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
		if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
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


def check_zone(value: object, source: str, field: str) -> ZoneInfo:
	"""The zone of that IANA name, or an InputError that says where the bad name stands."""
	try:
		return ZoneInfo(value)  # type: ignore[arg-type]
	except (KeyError, ValueError, TypeError, OSError):
		raise InputError(source, f"{field}: unknown time zone {quote(value)}")
