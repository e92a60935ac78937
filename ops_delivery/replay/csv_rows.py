"""The rows of a CSV text, read strictly: a quotation mark that is never closed costs its own row and no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator

LONGEST_FIELD = 1 << 26  # characters; Python's own bound of 131,072 is less than a pasted log
LONGEST_ROW = 5000  # lines; a quotation mark that is open for longer was forgotten
# The first line of a row, a code, what stands there, and the cells as far as they can be told.
Problem = Callable[[int, str, str, list[str]], None]


class _TooLong(Exception):
	"""A row has gone on for more lines than any text in a cell."""


class _Lines:
	"""Lines one by one, remembered since `taken` was last emptied, so that they can be given again."""

	def __init__(self, source: Iterator[str]) -> None:
		self.source = source
		self.taken: list[str] = []
		self.again: deque[str] = deque()

	def __iter__(self) -> _Lines:
		return self

	def __next__(self) -> str:
		line = self.again.popleft() if self.again else next(self.source)
		taken = self.taken
		taken.append(line)
		if len(taken) > LONGEST_ROW:
			raise _TooLong
		return line


def rows(
	lines: Iterator[str],
	delimiter: str,
	first: int,
	problem: Problem,
	is_row: Callable[[list[str]], bool],
) -> Iterator[tuple[int, list[str]]]:
	"""The rows that are not blank, each with its first line; `first` is the number of the first of `lines`.

	A row that is not CSV, or whose open quotation mark swallowed lines that are rows themselves (by `is_row`), goes to
	`problem`; reading goes on with the line behind its first.
	"""
	csv.field_size_limit(LONGEST_FIELD)
	source = _Lines(lines)
	reader = csv.reader(source, delimiter=delimiter, strict=True)
	line = first
	while True:
		source.taken.clear()
		try:
			row = next(reader)
		except StopIteration:
			return
		except (csv.Error, _TooLong) as error:
			row, code = (
				None,
				"open_quote" if len(source.taken) > 1 or "unexpected end" in str(error) else "unreadable_row",
			)
		taken = source.taken
		if row is not None:
			if len(taken) == 1 or not _swallowed(taken, delimiter, is_row):
				if row:
					yield line, row
				line += len(taken)
				continue
			code = "open_quote"
		text = taken[0].rstrip("\r\n")
		cells = next(csv.reader(taken[:1], delimiter=delimiter), [])
		problem(line, code, text[text.rfind(delimiter + '"') + 1 :] if code == "open_quote" else text, cells)
		source.again.extendleft(reversed(taken[1:]))
		line += 1


def _swallowed(taken: list[str], delimiter: str, is_row: Callable[[list[str]], bool]) -> bool:
	"""Whether a line within a cell of several lines is a row of its own; of the last line, what stands in the cell."""
	quoted = taken[0].startswith('"')  # where all is quoted, a row begins so
	for line in [*taken[1:-1], taken[-1].partition('"')[0]]:
		if delimiter in line and line.startswith('"') >= quoted:
			for cells in csv.reader([line], delimiter=delimiter):
				if is_row(cells):
					return True
	return False
