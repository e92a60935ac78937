"""Where in an agreement something is wrong: paths of the agreement file in the words of the form (5.2.a).

The rules of an agreement read it as the file that the replay reads, and name a place there by its path. People see the form.
"""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

# what stands in the file, and the field of the form it comes from; tables by the field of the table
PLACES = {
	"agreement": "agreement_number",
	"period.start": "start_date",
	"period.end": "end_date",
	"calendars": "calendar",
	"priorities": "priority_matrix",
	"escalation": "escalation_policy",
}
COLUMNS = {"amounts": {"what": "title", "amount": "quantity"}}


def where(doc: Any, path: str) -> str:
	"""A path such as amounts[0].what in words: table, row and column, else the field (plain text)."""
	table, row, column = re.fullmatch(r"(\w+)\[(\d+)\]\.?(\w*).*", path).groups() if re.match(r"\w+\[\d+\]", path) else ("", "0", "")
	df = doc.meta.get_field(table) if table else None
	if df and df.fieldtype == "Table":
		column = COLUMNS.get(table, {}).get(column, column)
		label = frappe.get_meta(df.options).get_label(column) if column else ""
		place = _("{0}, row {1}").format(_label(doc, table), int(row) + 1)
		return f"{place}, {_(label, context=df.options)}" if label else place
	field = next((PLACES[start] for start in PLACES if path == start or path.startswith((f"{start}.", f"{start}["))), path)
	return _label(doc, field.split(".")[0].split("[")[0])


def unfit(doc: Any, path: str, value: Any) -> str:
	"""What is missing or cannot be used, and where (HTML), where no rule has words of its own for it."""
	place = frappe.bold(escape_html(where(doc, path)))
	if value in (None, ""):
		return _("{0} is missing. Enter it.").format(place)
	return _("{0}: {1} cannot be used. Correct it.").format(place, frappe.bold(escape_html(cstr(value))))


def _label(doc: Any, fieldname: str) -> str:
	df = doc.meta.get_field(fieldname)
	return _(df.label, context=doc.doctype) if df and df.label else fieldname
