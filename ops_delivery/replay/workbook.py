"""Workbooks of spreadsheets (XLSX) as rows of texts; needs openpyxl, which Frappe brings along."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ops_delivery.replay.errors import InputError, quote

OLD = b"\xd0\xcf\x11\xe0"  # XLS
PACKED = b"PK\x03\x04"  # XLSX
WRITTEN_AS = "%Y-%m-%d %H:%M:%S"  # what a cell with a time becomes


def sheet_names(path: str, name: str) -> list[str]:
	"""The sheets of a workbook, in order."""
	book = _open(path, name)
	try:
		return list(book.sheetnames)
	finally:
		book.close()


def rows(path: str, name: str, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
	"""The rows of a sheet (the first with cells, if none is named) that are not empty, each with its number."""
	book = _open(path, name)
	try:
		if sheet is not None and sheet not in book.sheetnames:
			raise InputError(
				name, f"has no sheet {quote(sheet)} (it has {', '.join(map(quote, book.sheetnames))})"
			)
		for page in [book[sheet]] if sheet is not None else book.worksheets:
			found = False
			for number, cells in enumerate(page.iter_rows(values_only=True), 1):
				row = [_text(cell) for cell in cells]
				while row and not row[-1]:
					row.pop()
				if row:
					found = True
					yield number, row
			if found:
				return
	finally:
		book.close()


def first_sheet(path: str, name: str) -> str:
	"""The first sheet that holds anything."""
	for sheet in sheet_names(path, name):
		if next(rows(path, name, sheet), None):
			return sheet
	raise InputError(name, "is a workbook without any cell")


def joined(day: str, clock: str) -> str:
	"""A day and a time of day from two cells, each of which may hold a whole time: midnight, or a day that is none."""
	day = day.removesuffix(" 00:00:00")
	for nothing in ("1899-12-30 ", "1899-12-31 ", "1900-01-01 "):
		clock = clock.removeprefix(nothing)
	return f"{day} {clock}".strip()


def _open(path: str, name: str) -> Any:
	try:
		import openpyxl
	except ImportError:
		raise InputError(
			name,
			"is a workbook of a spreadsheet, which needs openpyxl (pip install openpyxl); or save it there as CSV",
		)
	try:
		# from memory, as openpyxl would go by the file's name, which may be any
		return openpyxl.load_workbook(io.BytesIO(Path(path).read_bytes()), read_only=True, data_only=True)
	except OSError:
		raise
	except Exception as error:  # openpyxl lets out whatever the file breaks
		raise InputError(
			name,
			f"is a damaged workbook, or none ({type(error).__name__}); open it in a spreadsheet and save it there as CSV",
		)


def _text(cell: Any) -> str:
	if cell is None:
		return ""
	if isinstance(cell, datetime):
		return f"{cell:{WRITTEN_AS}}"
	if isinstance(cell, (date, time)):
		return cell.isoformat()
	if isinstance(cell, timedelta):
		seconds = round(cell.total_seconds())
		return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
	if isinstance(cell, float) and cell.is_integer():
		return str(int(cell))
	return str(cell)
