"""Measured moments that a person types: they lie between the report and now, and are what the clock counted (5.3.b, 5.3.d).

A moment before the report, or one to come, would meet a clock with nothing used; one that is changed after the clock was
met would say something else than its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from ops_delivery.domain.clock import Status
from ops_delivery.services.clocks import takeover
from ops_delivery.services.shared.locale import moment as as_read
from ops_delivery.services.shared.site_time import has_passed, to_utc, utc_now

COURSE = ("ops_onsite_requested_on", "ops_departed_on", "ops_arrived_on", "ops_restored_on")  # of an Issue
ONCE = "ops_onsite_requested_on"  # a clock begins with it
JUST_NOW = timedelta(minutes=1)  # "now" as a form gives it


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
		_check_between(field, typed, _begun(doc, measured, rows.values()), now)
		if before and row and row.state == Status.MET.value:
			_refuse(field, typed, _stays(before))


def keep_measured(doc, old) -> None:
	"""Put back what is measured of an Issue that an agreement rules, and no form lets anybody type."""
	if not (old and old.ops_agreement and doc.ops_agreement):
		return
	for field in {*takeover.fields(), "avg_response_time"} - {"first_responded_on", "priority"}:
		if doc.meta.has_field(field):
			doc.set(field, old.get(field))


def check_course(doc, old) -> None:
	"""Refuse an Issue's moments that lie ahead or before the report, that are not in order, and another moment of the
	report or of asking for somebody on site than the one that counts. NotThen names the field, the value and the bound."""
	begun = reported(doc)
	before = reported(old) if old else None
	if before and begun != before:
		_refuse(doc.meta.get_field("opening_date"), begun or before, _stays(before))
	now = max(utc_now(), to_utc(now_datetime()))  # Frappe fills in the real one
	if not old and begun and to_utc(begun) > now + JUST_NOW:
		_refuse(doc.meta.get_field("opening_date"), begun, _("lies in the future. Enter when it happened."))
	known = [moment for moment in (begun, doc.creation and get_datetime(doc.creation)) if moment]
	for name in COURSE:
		value, before = doc.get(name), old.get(name) if old else None
		if not value or (before and get_datetime(before) == get_datetime(value)):
			continue
		field, typed = doc.meta.get_field(name), get_datetime(value).replace(microsecond=0)
		_check_between(field, typed, min(known, default=None), utc_now())
		if name == ONCE and before:
			_refuse(field, typed, _stays(before))
	_check_order(doc)


def _check_between(field, typed: datetime, begun: datetime | None, now: datetime) -> None:
	"""Refuse what lies ahead, and what lies before the report whichever of two readings was meant (site time; now: UTC)."""
	if to_utc(typed) > now:
		_refuse(field, typed, _("lies in the future. Enter when it happened."))
	if begun and has_passed(typed, to_utc(begun.replace(second=0, microsecond=0))):
		_refuse(field, typed, _("lies before {0}, when it was reported.").format(as_read(begun)))


def _check_order(doc) -> None:
	departed, arrived = doc.ops_departed_on, doc.ops_arrived_on
	if departed and arrived and get_datetime(arrived) < get_datetime(departed):
		frappe.throw(
			_("{0}: the arrival ({1}) lies before the departure ({2}). Correct one of the two.").format(
				frappe.bold(_("Arrived on site")),
				frappe.format(arrived, "Datetime"),
				frappe.format(departed, "Datetime"),
			)
		)


def reported(issue) -> datetime | None:
	"""When an Issue was reported, by its own fields; site time."""
	if not issue.opening_date:
		return None
	day, at = issue.opening_date, issue.opening_time
	if type(day) is date and type(at) is timedelta:  # as they are stored: nothing to be read
		return datetime.combine(day, time()) + at - timedelta(microseconds=at.microseconds)
	return get_datetime(f"{issue.opening_date} {issue.opening_time or '00:00:00'}").replace(microsecond=0)


def _stays(before) -> str:
	return _("was measured as {0} and stays so. Say in a comment what was wrong.").format(as_read(before))


def _begun(doc, measured, rows: Iterable[frappe._dict]) -> datetime | None:
	"""When a record, or the first of its clocks, began: the earliest of what is known; site time."""
	known = [row.started_on for row in rows if row.started_on]
	if measured.date_field and (value := doc.get(measured.date_field)):
		known.append(value)
	if doc.doctype == "Issue" and (opened := reported(doc)):
		known.append(opened)
	if doc.creation and not doc.is_new():
		known.append(doc.creation)
	moments = [get_datetime(value) if not _is_day(value) else get_datetime(f"{value} 00:00:00") for value in known]
	return min(moments, default=None)


def _is_day(value) -> bool:
	return isinstance(value, date) and not isinstance(value, datetime)


def _refuse(field, typed: datetime, why: str) -> None:
	frappe.throw(
		f"{frappe.bold(_(field.label, context=field.parent or field.dt))}: {as_read(typed)} {why}",
		NotThen,
		title=_("Not possible then"),
	)
