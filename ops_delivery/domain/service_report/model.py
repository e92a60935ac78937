"""What a section of a service report is made of: figures, tables, charts and sentences, each with the records behind it (8.3.b.5).

All are plain values of JSON, so that they are frozen as they are when a report is published: numbers as numbers, days as "2026-03-01",
moments as "2026-03-01 08:30:00" of the site's clock, shares in percent (0 to 100), durations in minutes. Labels are English source
strings; whoever shows them says them in the reader's language. What is a name of the site (a commitment, a kind) stands in `arguments`
or in the cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# So many names lead straight to their records; behind a figure of more there are the filters.
MOST_NAMES = 500

NUMBER, PERCENT, MINUTES, HOURS, MONEY, TEXT, VERDICT = (
	"number",
	"percent",
	"minutes",
	"hours",
	"money",
	"text",
	"verdict",
)
# Columns only: a day, a moment, a record's name (`doctype` says of which type), a state of `doctype` (translated with it as context), and
# a source sentence [text, arguments] or None.
DAY, MOMENT, RECORD, STATE, SENTENCE = "day", "moment", "record", "state", "sentence"
FIGURE_KINDS = (NUMBER, PERCENT, MINUTES, HOURS, MONEY, TEXT, VERDICT)
COLUMN_KINDS = (*FIGURE_KINDS, DAY, MOMENT, RECORD, STATE, SENTENCE)
LINE, BAR, STACKED = "line", "bar", "stacked"
# The values of a verdict; None: it could not be told.
MET, MISSED = "Met", "Missed"

CONTEXT = "Service Report"

Said = tuple[str, tuple[Any, ...]]
"""An English source text with {0}, {1}, … and what stands in them: a text or number as it is, or {"kind": …, "value": …, "doctype": …}
(typed) that is shown as a cell of that kind is."""


def label(text: str) -> str:
	"""An English source text; what stands in such a call is translated with the context CONTEXT (a test reads these calls)."""
	return text


def said(text: str, *arguments: Any) -> Said:
	"""A sentence that each reader gets in their language."""
	return (text, arguments)


def typed(kind: str, value: Any, doctype: str = "") -> dict[str, Any]:
	"""What stands in a sentence and is shown in the reader's way: a day, a record, a state, a share."""
	return {"kind": kind, "value": value, "doctype": doctype}


@dataclass(frozen=True)
class Sources:
	"""The records a figure comes from. `names`: at most MOST_NAMES of them, all where `whole`; `filters`: Frappe's list filters that
	find them, None where no filter does; `count`: how many there were."""

	doctype: str
	names: tuple[str, ...] = ()
	filters: Mapping[str, Any] | None = None
	count: int = 0

	@classmethod
	def of(cls, doctype: str, names: Iterable[str], filters: Mapping[str, Any] | None = None) -> Sources:
		"""Of exactly these records, the names bounded; each once, in their order."""
		each = tuple(dict.fromkeys(names))
		return cls(doctype, each[:MOST_NAMES], filters, len(each))

	@property
	def whole(self) -> bool:
		"""Whether every record stands in `names`."""
		return len(self.names) == self.count

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {
			"doctype": self.doctype,
			"names": list(self.names),
			"filters": None if self.filters is None else dict(self.filters),
			"count": self.count,
		}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Sources:
		"""From what to_dict made."""
		return cls(kept["doctype"], tuple(kept["names"]), kept["filters"], kept["count"])


@dataclass(frozen=True)
class Figure:
	"""One number of a section. `value` None: there was nothing to measure. `previous`: of the period before, None where there is none.
	`too_few`: made of so few cases that it proves little (or would tell what one person said; then value is None). `arguments` stand in the label; money names its currency there, and so does a table's row in `currency`."""

	key: str
	label: str
	value: Any
	kind: str = NUMBER
	previous: Any = None
	too_few: bool = False
	sources: Sources | None = None
	arguments: tuple[Any, ...] = ()

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {
			"key": self.key,
			"label": self.label,
			"value": self.value,
			"kind": self.kind,
			"previous": self.previous,
			"too_few": self.too_few,
			"sources": self.sources and self.sources.to_dict(),
			"arguments": list(self.arguments),
		}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Figure:
		"""From what to_dict made."""
		sources = kept["sources"] and Sources.from_dict(kept["sources"])
		return cls(**{**kept, "sources": sources, "arguments": tuple(kept["arguments"])})


@dataclass(frozen=True)
class Column:
	"""A column of a table. `doctype`: whose records or states stand in it (kinds record and state); blank: a row says so itself in `doctype`."""

	key: str
	label: str
	kind: str = TEXT
	doctype: str = ""

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {"key": self.key, "label": self.label, "kind": self.kind, "doctype": self.doctype}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Column:
		"""From what to_dict made."""
		return cls(**kept)


@dataclass(frozen=True)
class Table:
	"""Rows of raw values by the columns' keys. A row may carry `_sources` (a Sources), as may `total`; `cut`: so many rows are left out."""

	key: str
	title: str
	columns: tuple[Column, ...]
	rows: tuple[Mapping[str, Any], ...] = ()
	total: Mapping[str, Any] | None = None
	cut: int = 0

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {
			"key": self.key,
			"title": self.title,
			"columns": [column.to_dict() for column in self.columns],
			"rows": [_row_to_dict(row) for row in self.rows],
			"total": self.total and _row_to_dict(self.total),
			"cut": self.cut,
		}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Table:
		"""From what to_dict made."""
		return cls(
			kept["key"],
			kept["title"],
			tuple(Column.from_dict(column) for column in kept["columns"]),
			tuple(_row_from_dict(row) for row in kept["rows"]),
			kept["total"] and _row_from_dict(kept["total"]),
			kept["cut"],
		)


@dataclass(frozen=True)
class Series:
	"""One line or row of bars of a chart; None is a gap. `name`: a source text, or the name of a record of `doctype`, translated with it as
	context."""

	name: str
	values: tuple[float | None, ...]
	doctype: str = ""

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {"name": self.name, "values": list(self.values), "doctype": self.doctype}


@dataclass(frozen=True)
class Chart:
	"""A chart; `unit` is a kind of figure or a unit of the site ("℃"), `target` a line to be reached. Titles that name something of the
	site have it in `arguments`."""

	key: str
	title: str
	kind: str
	labels: tuple[str, ...]
	series: tuple[Series, ...]
	unit: str = NUMBER
	target: float | None = None
	arguments: tuple[Any, ...] = ()

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {
			"key": self.key,
			"title": self.title,
			"kind": self.kind,
			"labels": list(self.labels),
			"series": [one.to_dict() for one in self.series],
			"unit": self.unit,
			"target": self.target,
			"arguments": list(self.arguments),
		}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Chart:
		"""From what to_dict made."""
		series = tuple(Series(one["name"], tuple(one["values"]), one["doctype"]) for one in kept["series"])
		changed = {"series": series, "labels": tuple(kept["labels"]), "arguments": tuple(kept["arguments"])}
		return cls(**{**kept, **changed})


@dataclass(frozen=True)
class Section:
	"""What is found under one heading. `notes`: sentences said in it. `empty`: there was nothing in the period (a note says so)."""

	key: str
	figures: tuple[Figure, ...] = ()
	tables: tuple[Table, ...] = ()
	charts: tuple[Chart, ...] = ()
	notes: tuple[Said, ...] = field(default=())
	empty: bool = False

	def figure(self, key: str) -> Figure:
		"""One of its figures. KeyError: there is none of that key."""
		return _by_key(self.figures, key)

	def table(self, key: str) -> Table:
		"""One of its tables. KeyError: there is none of that key."""
		return _by_key(self.tables, key)

	def to_dict(self) -> dict[str, Any]:
		"""As JSON keeps it."""
		return {
			"key": self.key,
			"figures": [one.to_dict() for one in self.figures],
			"tables": [one.to_dict() for one in self.tables],
			"charts": [one.to_dict() for one in self.charts],
			"notes": [[text, list(arguments)] for text, arguments in self.notes],
			"empty": self.empty,
		}

	@classmethod
	def from_dict(cls, kept: Mapping[str, Any]) -> Section:
		"""From what to_dict made."""
		return cls(
			kept["key"],
			tuple(Figure.from_dict(one) for one in kept["figures"]),
			tuple(Table.from_dict(one) for one in kept["tables"]),
			tuple(Chart.from_dict(one) for one in kept["charts"]),
			tuple((text, tuple(arguments)) for text, arguments in kept["notes"]),
			kept["empty"],
		)


def _by_key(those: tuple, key: str):
	for one in those:
		if one.key == key:
			return one
	raise KeyError(key)


def _row_to_dict(row: Mapping[str, Any]) -> dict[str, Any]:
	made = dict(row)
	if made.get("_sources"):
		made["_sources"] = made["_sources"].to_dict()
	return made


def _row_from_dict(kept: Mapping[str, Any]) -> dict[str, Any]:
	row = dict(kept)
	if row.get("_sources"):
		row["_sources"] = Sources.from_dict(row["_sources"])
	return row
