"""A log's file as a table: a header and rows of texts, each with its line; what is no row is told apart."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ops_delivery.replay import csv_rows, text_files, workbook
from ops_delivery.replay.csv_rows import Problem
from ops_delivery.replay.errors import InputError, quote

Progress = Callable[[int, int], None]
PROGRESS_EVERY = 2000
HEAD = 30  # lines among which the header is
Fits = Callable[[list[str]], bool]


class Table:
	"""A log's file, read as often as need be; it keeps no row."""

	def __init__(
		self,
		path: str,
		fits: Fits = lambda header: False,
		encoding: str | None = None,
		delimiter: str | None = None,
		sheet: str | None = None,
	) -> None:
		"""Finds out how the file is to be read; `fits` tells a header that is looked for. InputError if it is no table."""
		self.path, self.name = path, os.path.basename(path)
		self.sheet: str | None = None
		self.encoding = self.delimiter = ""
		self.before = 0  # lines before the header
		self.above = 0  # rows of a sheet before the header
		self.title = False  # whether something else stands above it
		with _readable(path):
			with open(path, "rb") as raw:
				head = raw.read(4)
			if head == workbook.OLD:
				raise InputError(
					self.name, "is a workbook of an old kind (XLS); save it as XLSX, or save it there as CSV"
				)
			if head == workbook.PACKED:
				self.sheet = sheet or workbook.first_sheet(path, self.name)
				header = self._header_of_sheet(fits)
			else:
				header = self._header(fits, encoding, delimiter)
		self.header = [column.strip() for column in header]
		while self.header and not self.header[-1]:
			self.header.pop()
		if not self.header:
			raise InputError(self.name, "is empty; its first line must name the columns")

	@property
	def divided(self) -> str:
		"""What divides the columns, in words."""
		if self.sheet is not None:
			return "the cells of a sheet"
		return text_files.DELIMITER_NAMES.get(self.delimiter, quote(self.delimiter))

	def position(self, column: str) -> int:
		"""Where a column stands. InputError if there is none or more than one of that name."""
		if column not in self.header:
			raise InputError(self.name, f"has no column {quote(column)}")
		if self.header.count(column) > 1:
			raise InputError(self.name, f"has the column {quote(column)} more than once; rename one of them")
		return self.header.index(column)

	@property
	def header_line(self) -> int:
		"""The line of the header, the first of all being 1."""
		return self.before + 1

	def rows(
		self, problem: Problem, is_row: Callable[[list[str]], bool], progress: Progress | None = None
	) -> Iterator[tuple[int, list[str]]]:
		"""The rows below the header with as many cells as it; what is wrong with any other goes to `problem`.

		Cells without text beyond the header are nothing; `is_row` tells a row that a quotation mark has swallowed.
		"""
		width = len(self.header)
		with _readable(self.path):
			for line, row in self._all_rows(problem, is_row, progress):
				size = len(row)
				if size > width:
					if any(cell.strip() for cell in row[width:]):
						problem(line, "long_row", f"{size}/{width}", row)
						continue
				elif size < width:
					if self.sheet is None:
						problem(line, "short_row", f"{size}/{width}", row)
						continue
					row += [""] * (width - size)
				yield line, row

	def _all_rows(
		self, problem: Problem, is_row: Callable[[list[str]], bool], progress: Progress | None
	) -> Iterator[tuple[int, list[str]]]:
		if self.sheet is not None:
			yield from itertools.islice(workbook.rows(self.path, self.name, self.sheet), self.above + 1, None)
			return
		with open(self.path, "rb") as raw:
			size = os.fstat(raw.fileno()).st_size
			text = io.TextIOWrapper(text_files.unpacked(raw), encoding=self.encoding, newline="")
			lines: Iterator[str] = text
			for _ in range(self.before):
				next(lines)
			found = csv_rows.rows(lines, self.delimiter, self.before + 1, problem, is_row)
			next(found, None)
			for count, numbered in enumerate(found):
				if progress and not count % PROGRESS_EVERY:
					progress(raw.tell(), size)
				yield numbered

	def _header(self, fits: Fits, encoding: str | None, delimiter: str | None) -> list[str]:
		with open(self.path, "rb") as raw:
			self.encoding = text_files.encoding_of(text_files.unpacked(raw), self.name, encoding)
			text = io.TextIOWrapper(text_files.unpacked(raw), encoding=self.encoding, newline="")
			first = list(itertools.islice(text, HEAD))
		announced = text_files.announced_delimiter(first[0]) if first else None
		if announced:
			self.before = 1
			first = first[1:]
		self.delimiter = announced or delimiter or text_files.likely_delimiter(first, fits)
		try:
			csv.field_size_limit(csv_rows.LONGEST_FIELD)
			header = next(
				(row for row in csv.reader(first, delimiter=self.delimiter, strict=True) if row), []
			)
		except csv.Error as error:
			raise InputError(self.name, f"has a header that is not CSV ({error})")
		lines, reader = [], csv.reader(first, delimiter=self.delimiter)
		starts = 0
		for row in reader:
			lines.append((starts, row))
			starts = reader.line_num
		place = _header_among([row for _start, row in lines], fits, 1)
		if place is None:
			return header
		start, found = lines[place]
		self.before += start
		self.title = any(cell.strip() for _start, row in lines[:place] for cell in row)
		return found

	def _header_of_sheet(self, fits: Fits) -> list[str]:
		numbered = list(itertools.islice(workbook.rows(self.path, self.name, self.sheet), HEAD))
		# a row above the header may name groups of columns, in cells that are merged
		most = max((_filled(row) for _number, row in numbered), default=0) // 2
		self.above = _header_among([row for _number, row in numbered], fits, max(1, most)) or 0
		number, header = numbered[self.above] if numbered else (1, [])
		self.before, self.title = number - 1, self.above > 0
		return header


def _filled(row: list[str]) -> int:
	return sum(bool(cell.strip()) for cell in row)


def _header_among(rows: list[list[str]], fits: Fits, few: int) -> int | None:
	"""Which row is the header: one that `fits`, else the first that holds anything, unless it is a title.

	A title fills `few` cells at most, where a row below fills twice as many; then the header is the first that fills most of
	what the fullest row does.
	"""
	for place, row in enumerate(rows):
		if row and fits([cell.strip() for cell in row]):
			return place
	first = next((place for place, row in enumerate(rows) if _filled(row)), None)
	most = max(map(_filled, rows), default=0)
	if first is None or _filled(rows[first]) > few or most < 2 * _filled(rows[first]):
		return first
	return next(place for place, row in enumerate(rows) if _filled(row) * 2 > most)


@contextmanager
def _readable(path: str) -> Iterator[None]:
	"""What can go wrong with a file, in one line that says what to do."""
	name = os.path.basename(path)
	try:
		yield
	except FileNotFoundError:
		raise InputError(path, "no such file")
	except UnicodeDecodeError as error:
		raise InputError(name, f"is not {error.encoding} text ({error.reason}); {text_files.WAY_OUT}")
	except (EOFError, zlib.error, gzip.BadGzipFile) as error:
		raise InputError(name, f"is a damaged gzip file ({error})")
	except OSError as error:
		raise InputError(path, f"cannot be read ({error.strerror or error})")
