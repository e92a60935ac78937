"""What customers wrote, exported as it was written: a spreadsheet must not take a text for a formula.

Frappe's exports write "=HYPERLINK(…)" as a formula. Here it is made a text again: in XLSX by the cell's type, in CSV,
which has no types, by an apostrophe in front. Numbers, also negative ones and telephone numbers, stay as they are.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile

import openpyxl

_RUNS = re.compile(r"[=+\-@\t\r]")
_HARMLESS = re.compile(r"[+-][\d\s().,/:%-]*(e[+-]?\d+)?", re.IGNORECASE)
_QUOTED_OR_NOT = re.compile(r'"((?:[^"]|"")*)"|[^"]+')


def cell(value: str) -> str:
	"""A cell of a CSV file: a text that a spreadsheet would run gets an apostrophe in front."""
	return "'" + value if _RUNS.match(value) and not _HARMLESS.fullmatch(value) else value


def csv_bytes(content: bytes, delimiter: str = ",", marked: bool = False) -> bytes:
	"""A CSV file (UTF-8, quotes doubled) with harmless cells; whatever is harmless stays to the byte. `marked`: with the
	mark of UTF-8 where it is not ASCII alone, without which Excel takes it for the system's own encoding."""
	bare = re.compile(rf"(^|[{re.escape(delimiter)}\r\n])([^{re.escape(delimiter)}\r\n]+)")

	def part(found: re.Match[str]) -> str:
		if found[1] is not None:
			return f'"{cell(found[1])}"'
		return bare.sub(lambda one: one[1] + cell(one[2]), found[0])

	found = _QUOTED_OR_NOT.sub(part, content.decode("utf-8")).encode("utf-8")
	return codecs.BOM_UTF8 + found if marked and not found.isascii() else found


def xlsx_bytes(content: bytes) -> bytes:
	"""An XLSX file in which no cell is a formula; as it is where none was. Our exports calculate nothing."""
	if not _has_formula(content):
		return content
	book = openpyxl.load_workbook(io.BytesIO(content))
	for sheet in book.worksheets:
		for row in sheet.iter_rows():
			for one in row:
				if one.data_type == "f":
					one.data_type = "s"
					one.quotePrefix = True
	found = io.BytesIO()
	book.save(found)
	return found.getvalue()


def _has_formula(content: bytes) -> bool:
	with zipfile.ZipFile(io.BytesIO(content)) as parts:
		sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
		return any(b"<f>" in parts.read(name) for name in sheets)
