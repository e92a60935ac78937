"""Two versions of a document, set against each other section by section (clause 5.5.g).

Rows of a table belong together by their key columns; rows whose keys occur more than once, in their order. Nothing is
known here of documents: the caller gives plain texts, as a reader would see them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
HALF = 0.5
Row = Mapping[str, str]
# a word of letters and digits, one Chinese character, a run of blanks, or any other sign
_TOKEN = re.compile(r"[^\W\u2e80-\u9fff\uf900-\ufaff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Table:
	"""A table of a section: its columns (name -> label) in order, and which of them tell rows apart."""

	name: str
	label: str
	columns: Mapping[str, str]
	keys: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
	"""A part of the document: single fields (name -> label) and tables."""

	label: str
	fields: Mapping[str, str]
	tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Part:
	"""A piece of a changed text; kind "" is what stayed."""

	kind: str
	text: str


@dataclass(frozen=True)
class Change:
	"""One field of the document or of a row. `parts` tells old from new within one text."""

	name: str
	label: str
	kind: str
	old: str
	new: str
	parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class RowChange:
	"""A row that is added, removed or changed. `title` names it; `cells` are its filled (or changed) columns."""

	kind: str
	title: str
	cells: tuple[Change, ...]


@dataclass(frozen=True)
class TableChange:
	"""The rows of one table that differ."""

	name: str
	label: str
	rows: tuple[RowChange, ...]


@dataclass(frozen=True)
class SectionChange:
	"""What differs in one section."""

	label: str
	fields: tuple[Change, ...]
	tables: tuple[TableChange, ...]

	@property
	def count(self) -> int:
		"""How many fields and rows differ."""
		return len(self.fields) + sum(len(table.rows) for table in self.tables)


def compare(
	layout: Sequence[Section],
	old: Mapping[str, str],
	new: Mapping[str, str],
	old_rows: Mapping[str, Sequence[Row]],
	new_rows: Mapping[str, Sequence[Row]],
) -> list[SectionChange]:
	"""The sections that differ, in the order of the layout; an empty list where the versions are equal."""
	found = []
	for section in layout:
		fields = tuple(
			filter(
				None,
				(_field(name, label, old.get(name), new.get(name)) for name, label in section.fields.items()),
			)
		)
		tables = []
		for table in section.tables:
			rows = compare_rows(table, old_rows.get(table.name) or (), new_rows.get(table.name) or ())
			if rows:
				tables.append(TableChange(table.name, table.label, rows))
		if fields or tables:
			found.append(SectionChange(section.label, fields, tuple(tables)))
	return found


def compare_rows(table: Table, old: Sequence[Row], new: Sequence[Row]) -> tuple[RowChange, ...]:
	"""The rows that differ: changed and added ones in the order of the new version, then the removed ones."""
	waiting: dict[tuple, list[Row]] = defaultdict(list)
	for row in old:
		waiting[_key(table, row)].append(row)
	for rows in waiting.values():  # where a key occurs twice, equal rows find each other first
		rows.sort(key=lambda row: row not in new)
	changes = []
	for row in sorted_by_equality(new, old):
		partners = waiting[_key(table, row)]
		partner = next((p for p in partners if p == row), partners[0] if partners else None)
		if partner is None:
			changes.append((new.index(row), _whole_row(table, row, ADDED)))
			continue
		partners.remove(partner)
		cells = tuple(
			filter(
				None,
				(
					_field(name, label, partner.get(name), row.get(name))
					for name, label in table.columns.items()
				),
			)
		)
		if cells:
			changes.append((new.index(row), RowChange(CHANGED, _title(table, row), cells)))
	changes.sort(key=lambda item: item[0])
	removed = [_whole_row(table, row, REMOVED) for rows in waiting.values() for row in rows]
	return (*(change for _position, change in changes), *removed)


def sorted_by_equality(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
	"""Rows that occur unchanged among the others come first, so that they are not taken for another's partner."""
	return sorted(rows, key=lambda row: row not in others)


def words(old: str, new: str) -> tuple[Part, ...]:
	"""A text's change told within it: what stayed, was removed and was added, word by word (Chinese by character).

	Where less than half has stayed the whole texts stand one after the other: a patchwork of both says nothing.
	"""
	before, after = _TOKEN.findall(old), _TOKEN.findall(new)
	parts: list[Part] = []
	matcher = SequenceMatcher(None, before, after, autojunk=False)
	if matcher.ratio() < HALF:
		return tuple(part for part in (Part(REMOVED, old), Part(ADDED, new)) if part.text)
	for tag, a, b, c, d in matcher.get_opcodes():
		if tag == "equal":
			parts.append(Part("", "".join(before[a:b])))
			continue
		if b > a:
			parts.append(Part(REMOVED, "".join(before[a:b])))
		if d > c:
			parts.append(Part(ADDED, "".join(after[c:d])))
	return tuple(parts)


def _field(name: str, label: str, old: str | None, new: str | None) -> Change | None:
	old, new = (old or "").strip(), (new or "").strip()
	if old == new:
		return None
	if not old:
		return Change(name, label, ADDED, old, new)
	if not new:
		return Change(name, label, REMOVED, old, new)
	return Change(name, label, CHANGED, old, new, words(old, new))


def _whole_row(table: Table, row: Row, kind: str) -> RowChange:
	cells = tuple(
		Change(name, label, kind, row[name] if kind == REMOVED else "", row[name] if kind == ADDED else "")
		for name, label in table.columns.items()
		if (row.get(name) or "").strip()
	)
	return RowChange(kind, _title(table, row), cells)


def _key(table: Table, row: Row) -> tuple[str, ...]:
	return tuple(row.get(name) or "" for name in table.keys)


def _title(table: Table, row: Row) -> str:
	named = [row[name] for name in (table.keys or table.columns) if row.get(name)]
	return " · ".join(named[:3])
