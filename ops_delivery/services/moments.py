"""Measured moments that a person types: they lie between the report and now, and are what the clock counted (5.3.b, 5.3.d).

A moment before the report, or one to come, would meet a clock with nothing used; one that is changed after the clock was
met would say something else than its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import get_datetime

from ops_delivery.domain.clock import Status
from ops_delivery.services.reader import moment as as_read
from ops_delivery.services.time import to_site


class NotThen(frappe.ValidationError):
	"""A measured moment was typed that cannot be."""


def check(doc, measured, old, rows: Mapping[str, frappe._dict], now: datetime) -> None:
	"""In a save: refuse a moment of a clock's end that lies ahead, before the record, or is not what was counted.

	`rows`: the record's clocks by definition, as stored. NotThen names the field, the value and the bound.
	"""
	for definition in measured.definitions:
		field = doc.meta.get_field(definition.meet_at_field or "")
		value = doc.get(field.fieldname) if field else None
		if not value or field.fieldtype != "Datetime":
			continue
		before = old.get(field.fieldname) if old else None
		if before and get_datetime(before) == get_datetime(value):
			continue
		typed = get_datetime(value).replace(microsecond=0)
		row = rows.get(definition.name)
		if typed > to_site(now):
			_refuse(field, typed, _("lies in the future. Enter when it happened."))
		begun = _begun(doc, measured, rows.values())
		if begun and typed < begun.replace(second=0, microsecond=0):
			_refuse(field, typed, _("lies before {0}, when it was reported.").format(as_read(begun)))
		if before and row and row.state == Status.MET.value:
			_refuse(
				field,
				typed,
				_("was measured as {0} and stays so. Say in a comment what was wrong.").format(as_read(before)),
			)


def _begun(doc, measured, rows: Iterable[frappe._dict]) -> datetime | None:
	"""When a record, or the first of its clocks, began: the earliest of what is known; site time."""
	known = [row.started_on for row in rows if row.started_on]
	if measured.date_field and (value := doc.get(measured.date_field)):
		known.append(value)
	if doc.doctype == "Issue" and doc.opening_date:
		known.append(f"{doc.opening_date} {doc.opening_time or '00:00:00'}")
	if doc.creation and not doc.is_new():
		known.append(doc.creation)
	moments = [get_datetime(value) if not _is_day(value) else get_datetime(f"{value} 00:00:00") for value in known]
	return min(moments, default=None)


def _is_day(value) -> bool:
	return isinstance(value, date) and not isinstance(value, datetime)


def _refuse(field, typed: datetime, why: str) -> None:
	frappe.throw(
		f"{frappe.bold(_(field.label))}: {as_read(typed)} {why}",
		NotThen,
		title=_("Not possible then"),
	)
