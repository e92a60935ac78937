"""Tables as a workbook (XLSX) that Excel opens without a warning: numbers as numbers, days as days, texts as texts (8.2.e, 5.4.c).

Cells calculate nothing: a text that looks like a formula is a text. Chinese is as wide as it is shown.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from frappe.utils import get_datetime, getdate
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from ops_delivery.services.shared.spreadsheet_safety import cell as marked

TEXT, NUMBER, PERCENT, MINUTES, HOURS, MONEY, DAY, MOMENT = "text", "number", "percent", "minutes", "hours", "money", "day", "moment"
FORMATS = {NUMBER: "General", PERCENT: "0.0%", MINUTES: "0", HOURS: "0.0", MONEY: "#,##0.00", DAY: "yyyy-mm-dd", MOMENT: "yyyy-mm-dd hh:mm"}
MOST_ROWS, LONGEST_TEXT, LONGEST_TITLE = 50_000, 32_000, 31
NARROWEST, WIDEST = 8, 60
MEASURED_ROWS = 1_000  # of which the widths are taken
MOST_DIGITS = 15  # of a number; more would be rounded by a spreadsheet
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HEAD = {
	"font": Font(bold=True, color="FFFFFF"),
	"fill": PatternFill("solid", start_color="3B5573"),
	"alignment": Alignment(vertical="center", wrap_text=True),
}
_LINE = Border(bottom=Side("thin", color="C9CED6"))


@dataclass(frozen=True)
class Column:
	"""A column's label, in the reader's language, and what stands in it."""

	label: str
	kind: str = TEXT


@dataclass(frozen=True)
class Sheet:
	"""One table. Rows are raw values in the order of the columns; None is blank. Percent is 0 to 100. `total`: a last row in bold."""

	title: str
	columns: Sequence[Column]
	rows: Sequence[Sequence[Any]]
	total: Sequence[Any] | None = None


def of_table(table: Any, title: str, label: Callable[[Any], str], shown: Callable[[Any, Any], Any]) -> Sheet:
	"""A table of a service report (key, columns with key and kind, rows by key, total) as a sheet. `label`: a column's label in the
	reader's language; `shown(column, value)`: the value of a kind that is no number, day or moment as a text."""
	columns = [Column(label(one), one.kind if one.kind in FORMATS else TEXT) for one in table.columns]

	def cells(row: Mapping[str, Any]) -> list[Any]:
		return [row.get(one.key) if one.kind in FORMATS else shown(one, row.get(one.key)) for one in table.columns]

	return Sheet(title, columns, [cells(row) for row in table.rows], cells(table.total) if table.total else None)


def book(sheets: Iterable[Sheet]) -> bytes:
	"""The workbook of these tables. ValueError for one of too many rows, or none at all."""
	workbook, taken = Workbook(), set()
	workbook.remove(workbook.active)
	for sheet in sheets:
		if len(sheet.rows) > MOST_ROWS:
			raise ValueError(f"{sheet.title}: {len(sheet.rows)} rows; {MOST_ROWS} fit")
		_write(workbook.create_sheet(_title(sheet.title, taken)), sheet)
	if not workbook.worksheets:
		raise ValueError("no table")
	written = io.BytesIO()
	workbook.save(written)
	return written.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
	widths = [min(max(wide(column.label) + 2, NARROWEST), WIDEST) for column in sheet.columns]
	for at, column in enumerate(sheet.columns, 1):
		_style(_put(page, 1, at, column.label, TEXT), **_HEAD)
	rows = [*sheet.rows, *([sheet.total] if sheet.total else ())]
	for number, row in enumerate(rows, 2):
		for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
			cell = _put(page, number, at, value, column.kind)
			cell.border = _LINE
			if sheet.total and number == len(rows) + 1:
				cell.font = Font(bold=True)
			if number <= MEASURED_ROWS:
				widths[at - 1] = min(max(widths[at - 1], _width(value, column.kind)), WIDEST)
	for at, width in enumerate(widths, 1):
		page.column_dimensions[get_column_letter(at)].width = width
	page.freeze_panes = "A2"
	if sheet.rows:
		page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
	page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", 9, 0
	page.sheet_properties.pageSetUpPr.fitToPage = True
	page.print_title_rows = "1:1"


def _put(page: Any, row: int, column: int, value: Any, kind: str) -> Any:
	cell = page.cell(row, column)
	given = _value(value, kind)
	if given is None:
		return cell
	cell.value = given
	if isinstance(given, str):
		cell.data_type = "s"  # whatever it looks like
		cell.quotePrefix = marked(given) != given
		cell.alignment = Alignment(vertical="top", wrap_text="\n" in given or wide(given) > WIDEST)
	else:
		cell.number_format = FORMATS[kind]
		cell.alignment = Alignment(vertical="top")
	return cell


def _value(value: Any, kind: str) -> Any:
	"""What a cell holds: a number, day or moment where it is one, else a text; None for nothing."""
	if value is None or value == "":
		return None
	try:
		if kind == DAY:
			return getdate(value)
		if kind == MOMENT:
			return get_datetime(value).replace(tzinfo=None)
		if kind in FORMATS and not isinstance(value, bool | date | datetime):
			number = float(value)
			if math.isfinite(number) and abs(number) < 10**MOST_DIGITS:
				number = number / 100 if kind == PERCENT else number
				return int(number) if number.is_integer() else number
	except (ValueError, TypeError, OverflowError):
		pass
	text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
	return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " …"


def _style(cell: Any, **values: Any) -> None:
	for name, value in values.items():
		setattr(cell, name, value)


def _width(value: Any, kind: str) -> int:
	if kind in (DAY, MOMENT):
		return {DAY: 12, MOMENT: 18}[kind]
	return max((wide(line) for line in str(value if value is not None else "").split("\n")), default=0) + 2


def wide(text: str) -> int:
	"""How many Latin letters a text is wide: a Chinese one takes two."""
	return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in str(text))


def _title(title: str, taken: set[str]) -> str:
	"""A sheet's name: at most 31 signs, none that Excel refuses, each once whatever its case."""
	bare = _NOT_IN_TITLES.sub(" ", str(title)).strip().strip("'").strip() or "1"
	found, number = bare[:LONGEST_TITLE].rstrip("' "), 1
	while found.lower() in taken or found.lower() == "history":
		number += 1
		ending = f" ({number})"
		found = bare[: LONGEST_TITLE - len(ending)] + ending
	taken.add(found.lower())
	return found
