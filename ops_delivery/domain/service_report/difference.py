"""What a section would say today, beside what it said when it was published (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_delivery.domain.service_report.model import NUMBER, Section, Table

CLOSE = 1e-6  # below which two numbers are one


@dataclass(frozen=True)
class Difference:
	"""One figure, or the rows of one table (`kind` rows), that would be another one."""

	section: str
	label: str
	was: Any
	now: Any
	kind: str = NUMBER
	arguments: tuple[Any, ...] = ()


ROWS = "rows"


def between(was: Section, now: Section) -> list[Difference]:
	"""Each figure and each table that differs, in the order of what was published; what came since stands at the end."""
	found = []
	before, after = ({one.key: one for one in section.figures} for section in (was, now))
	for key in dict.fromkeys([*before, *after]):
		old, new = before.get(key), after.get(key)
		one = old or new
		if not _same(old and old.value, new and new.value):
			found.append(Difference(was.key, one.label, old and old.value, new and new.value, one.kind, one.arguments))
	tables, later = ({one.key: one for one in section.tables} for section in (was, now))
	for key in dict.fromkeys([*tables, *later]):
		one, other = tables.get(key), later.get(key)
		changed = _changed(one, other)
		if changed:
			found.append(Difference(was.key, (one or other).title, len(one.rows) if one else 0, changed, ROWS))
	return found


def _changed(one: Table | None, other: Table | None) -> int:
	"""How many rows of a table would be others, gone or new."""
	rows, later = (list(table.rows) if table else [] for table in (one, other))
	same = sum(1 for old, new in zip(rows, later, strict=False) if _plain(old) == _plain(new))
	return max(len(rows), len(later)) - same


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
	return {key: round(value, 6) if isinstance(value, float) else list(value) if isinstance(value, tuple) else value for key, value in row.items() if key != "_sources"}


def _same(one: Any, other: Any) -> bool:
	if isinstance(one, int | float) and isinstance(other, int | float):
		return abs(one - other) < CLOSE
	return one == other
