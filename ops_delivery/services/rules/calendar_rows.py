"""The rows of a Service Calendar read as the domain's windows and exceptions; objections name row, field and value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, formatdate, getdate

from ops_delivery.domain.calendar import WEEKDAYS, DayException, Window
from ops_delivery.domain.errors import DomainError

DOCTYPE = "Service Calendar"
KINDS = {"Holiday": "holiday", "Make-up Workday": "makeup", "Special Hours": "special"}


def by_date(doc) -> dict[date, list]:
	dates: dict[date, list] = {}
	for row in doc.get("exceptions") or []:
		dates.setdefault(_date(row), []).append(row)
	return dates


def exception(rows: list) -> DayException:
	"""One exception from the rows of one date: a holiday, a make-up day as another weekday, or one window a row."""
	first, *others = rows
	day = _date(first)
	for row in others:
		if row.kind != first.kind:
			refuse(
				row,
				"kind",
				row.kind,
				_("row {0} already makes {1} a {2}. Remove one of the two rows.").format(
					first.idx, formatdate(day), _(first.kind, context=first.doctype)
				),
			)
		if first.kind == "Holiday" or first.as_weekday or row.as_weekday:
			refuse(
				row,
				"date",
				formatdate(day),
				_("row {0} has this date already. Remove one of them.").format(first.idx),
			)
	if first.kind not in KINDS:
		refuse(
			first,
			"kind",
			first.kind,
			_("choose one of {0}.").format(", ".join(_(kind, context=first.doctype) for kind in KINDS)),
		)
	weekday = weekday_number(first, "as_weekday", first.as_weekday) if first.as_weekday else None
	if first.kind != "Make-up Workday":
		weekday = None
	windows = (
		() if first.kind == "Holiday" or weekday is not None else tuple(_own_window(row) for row in rows)
	)
	note = " · ".join(dict.fromkeys(row.note for row in rows if row.note))
	return DayException(day, KINDS[first.kind], windows, weekday, note)


def _own_window(row) -> Window:
	if _blank(row.start_time) and _blank(row.end_time):
		if row.kind == "Make-up Workday":
			refuse(
				row,
				"as_weekday",
				"",
				_("a make-up workday needs hours: choose the weekday it works as, or give From and To."),
			)
		refuse(
			row,
			"start_time",
			"",
			_("special hours need From and To; for a closed day choose the kind Holiday."),
		)
	return window(row)


def window(row) -> Window:
	for fieldname in ("start_time", "end_time"):
		if _blank(row.get(fieldname)):
			refuse(row, fieldname, "", _("enter a time of day, such as {0}.").format("09:00"))
	try:
		return Window.parse(_clock(row.start_time), _clock(row.end_time))
	except DomainError:
		bad = next((f for f in ("start_time", "end_time") if not _readable(row.get(f))), "start_time")
		refuse(
			row,
			bad,
			row.get(bad),
			_("this is not a time of day. Enter hours and minutes, such as {0}.").format("09:00"),
		)


def _readable(value) -> bool:
	try:
		Window.parse(_clock(value), "24:00")
	except DomainError:
		return False
	return True


def _clock(value: Any) -> Any:
	return value if isinstance(value, timedelta) else cstr(value)


def _blank(value: Any) -> bool:
	return value is None or value == ""


def weekday_number(row, fieldname: str, value: str) -> int:
	if value not in WEEKDAYS:
		refuse(
			row,
			fieldname,
			value,
			_("choose one of {0}.").format(", ".join(_(day, context=row.doctype) for day in WEEKDAYS)),
		)
	return WEEKDAYS.index(value)


def _date(row) -> date:
	try:
		day = getdate(row.date) if row.date else None
	except Exception:
		day = None
	if not day:
		refuse(row, "date", row.date, _("enter a date."))
	return day


def refuse(row, fieldname: str, value: Any, remedy: str) -> None:
	"""Throw "Exceptions, row 3, From 25:00: …"."""
	parent = frappe.get_meta(DOCTYPE).get_label(row.parentfield) if row.parentfield else ""
	frappe.throw(
		_("{0}, row {1}, {2} {3}: {4}").format(
			_(parent),
			cint(row.idx),
			frappe.bold(_(row.meta.get_label(fieldname), context=row.doctype)),
			frappe.bold(escape_html(_(cstr(value)) or _("(empty)"))),
			remedy,
		),
		title=_("Service hours not usable"),
	)
