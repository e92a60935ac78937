"""A look into a log of which nothing is known yet: its columns, what they hold, and which are times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ops_delivery.replay import format_guess
from ops_delivery.replay.draft_words import speaks_of_time
from ops_delivery.replay.format_guess import Guess
from ops_delivery.replay.table import Progress, Table

MOST_VALUES = 3000  # distinct ones that are counted of a column
EXAMPLES = 3
EMPTY = ("", "?", "-", "n/a", "N/A", "NULL", "null", "None", "NaT", "nan", "未知", "无")


@dataclass
class Column:
	"""What a column holds: how many cells are filled, its values and how often each, whether there are too many to count."""

	name: str
	filled: int = 0
	values: Counter[str] = field(default_factory=Counter)
	many: bool = False
	time: Guess | None = None

	@property
	def distinct(self) -> str:
		"""How many different values, in words."""
		return f"more than {MOST_VALUES:,}" if self.many else f"{len(self.values):,}"


@dataclass
class Profile:
	"""What a log shows of itself."""

	table: Table
	columns: list[Column]
	rows: int = 0
	problems: Counter[str] = field(default_factory=Counter)
	empty: Counter[str] = field(default_factory=Counter)  # how nothing is written
	examples: list[list[str]] = field(default_factory=list)
	repeats: dict[str, bool] = field(default_factory=dict)  # whether a column's value comes more than once


def look(path: str, sheet: str | None = None, progress: Progress | None = None) -> Profile:
	"""Reads a whole log once. InputError if it is no table."""
	table = Table(path, sheet=sheet)
	found = Profile(table, [Column(name) for name in table.header])
	width = len(table.header)
	# of each column the values are told apart by a hash only, as a million numbers of tickets need not be kept
	seen: list[set[int] | None] = [set() for _ in table.header]

	def problem(line: int, code: str, value: str, row: list[str]) -> None:
		found.rows += 1
		found.problems[code] += 1

	for _line, row in table.rows(problem, lambda row: len(row) == width, progress):
		found.rows += 1
		if len(found.examples) < EXAMPLES:
			found.examples.append([cell.strip() for cell in row[:width]])
		for i, column in enumerate(found.columns):
			cell = row[i].strip()
			if cell in EMPTY:
				found.empty[cell] += 1
				continue
			column.filled += 1
			if cell in column.values or not column.many:
				column.values[cell] += 1
				column.many = len(column.values) >= MOST_VALUES
			known = seen[i]
			if known is not None:
				code = hash(cell)
				if code in known:
					found.repeats[column.name] = True
					seen[i] = None
				else:
					known.add(code)
	for column in found.columns:
		if column.values:
			column.time = format_guess.guess(column.values, speaks_of_time(column.name))
	return found
