"""Values have their field's type before any rule of ours looks at them.

By REST, import or code a check box may come as the text "0", which Python takes for true; Frappe casts it when the record
is written, after every rule was asked. So it is done first, once for every record that rules of ours guard.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt

from ops_delivery.permissions.steps import table_name
from ops_delivery.services.shared import number_format as numbers

MODULE = "Ops Delivery"
OTHERS = frozenset(("Issue", "Customer", "Contact", "Timesheet", "Stock Entry"))  # they have fields of ours
DURATION = "Duration"
FLOATS = frozenset(("Float", "Currency", "Percent", "Rating", DURATION))
NUMBERS = (int, float, Decimal)
_DAY_AT_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(:00(\.0+)?)?")
_PLAIN_NUMBER = re.compile(r"([+-]?\d+(\.\d*)?)?")


def cast(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate, and the first line of each method of our controllers that Frappe calls earlier.

	Check boxes become 0 or 1, moments at midnight in a field of days become days, numbers numbers, as Frappe stores them: of all fields of a record of ours and its rows, and
	of our fields on another app's record. Texts are read as programs write numbers ("1.5"), else by the site's format, which
	Frappe does not ask ("1,5" would be 15). An absent value stays absent, and a text that is no number stays for the rules to
	refuse in words: cast, it would be a nought that nobody typed. One that is to be a length of time is refused here.
	"""
	ours = doc.meta.module == MODULE
	if not ours and doc.doctype not in OTHERS:
		return
	for row in (doc, *doc.get_all_children()):
		_cast_row(row, ours or row.meta.module == MODULE)


def _cast_row(row: Any, whole: bool) -> None:
	for df in row.meta.fields:
		kind = df.fieldtype
		if kind == "Date" and (whole or df.fieldname.startswith("ops_")):
			_cast_day(row, df)
		if kind not in ("Check", "Int") and kind not in FLOATS:
			continue
		if not whole and not df.fieldname.startswith("ops_"):
			continue
		value = row.get(df.fieldname)
		if value is None or (isinstance(value, NUMBERS) and kind != "Check"):
			continue
		if kind == "Check":
			row.set(df.fieldname, 1 if cint(value) else 0)
		elif not isinstance(value, str) or _PLAIN_NUMBER.fullmatch(value.strip()):
			row.set(df.fieldname, cint(value) if kind == "Int" else flt(value))
		elif kind == DURATION:  # no rule could count with it, and the database would say so in its own words
			_refuse_time(row, df, value)
		elif kind in FLOATS:
			row.set(df.fieldname, numbers.typed(value))


def _cast_day(row: Any, df: Any) -> None:
	"""Importers, spreadsheets and other programs give a day as the moment at which it begins."""
	value = row.get(df.fieldname)
	if isinstance(value, datetime) and value.time() == time(0):
		row.set(df.fieldname, value.date())
	elif isinstance(value, str) and (found := _DAY_AT_MIDNIGHT.fullmatch(value.strip())):
		row.set(df.fieldname, found[1])


def _refuse_time(row: Any, df: Any, value: str) -> None:
	where = frappe.bold(_(df.label, context=row.doctype))
	if row.get("parentfield"):
		where = _("{0}, row {1}: {2}").format(table_name(row.parenttype, row.parentfield), row.idx, where)
	frappe.throw(
		_("{0}: {1} is no length of time. Choose it in the field, or give it in seconds.").format(
			where, frappe.bold(escape_html(value))
		)
	)
