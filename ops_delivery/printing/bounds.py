"""What fits on paper: a record whose texts or tables are too long is refused before it is laid out, by name.

What these figures let through is held by the time that a page has (weasy.seconds()).
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields

from ops_delivery.printing import weasy

MOST_ROWS = 1_000  # of one table: some 70 pages and 10 s
MOST_PARTS = 5_000  # paragraphs, lines, cells and the like of one text
MOST_CHARACTERS = 200_000  # of one text
IN_A_JOB = 5  # times as much where nobody waits
TEXTS = frozenset({"Small Text", "Text", "Long Text", "Text Editor", "HTML Editor", "Markdown Editor", "Code"})
_PARTS = ("\n", "<p", "<br", "<li", "<td", "<th", "<div", "<span", "<h")


def check(doc: Any) -> None:
	"""weasy.TooLong if a table or text of the document is too long to be printed; the message says which."""
	times = 1 if getattr(frappe.local, "request", None) else IN_A_JOB
	for df in doc.meta.fields:
		value = doc.get(df.fieldname)
		if not value:
			continue
		if df.fieldtype in table_fields:
			_check(doc, _label(df), len(value), MOST_ROWS * times, _("{0} has {1} rows; {2} fit on paper."))
			for row in value:
				for column in row.meta.fields:
					_check_text(doc, column, row.get(column.fieldname), times, row)
		else:
			_check_text(doc, df, value, times)


def _check_text(doc: Any, df: Any, value: Any, times: int, row: Any = None) -> None:
	if df.fieldtype not in TEXTS or not isinstance(value, str) or len(value) < MOST_PARTS:
		return
	label = _label(df)
	if row:
		label = _("{0}, row {1}: {2}").format(_label(doc.meta.get_field(row.parentfield)), row.idx, label)
	_check(doc, label, len(value), MOST_CHARACTERS * times, _("{0} has {1} characters; {2} fit on paper."))
	parts = sum(value.count(part) for part in _PARTS)
	_check(doc, label, parts, MOST_PARTS * times, _("{0} has {1} lines and paragraphs; {2} fit on paper."))


def _label(df: Any) -> str:
	return _(df.label, context=df.parent)


def _check(doc: Any, label: str, number: int, most: int, said: str) -> None:
	if number <= most:
		return
	what = f"{_(doc.doctype)} {doc.name}: {label}"
	frappe.throw(
		said.format(frappe.bold(frappe.utils.escape_html(what)), number, most)
		+ " "
		+ _("Shorten it, or attach it as a file of its own."),
		weasy.TooLong,
		title=_("Too long to print"),
	)
