"""Service Calendars: the document an administrator edits, as the domain's calendar (clauses 5.3.d, 6.3.b).

The domain decides what a calendar may be; here its objections are said in the words of the form: row, field, value and
the way out.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, formatdate

from ops_delivery.domain.calendar import WEEKDAYS, Window, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.events import RuleRevised
from ops_delivery.services.rules import calendar_rows
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import events
from ops_delivery.services.shared.site_time import to_site, utc_now

DOCTYPE = "Service Calendar"
LONG_CLOSED_DAYS = 30  # longer than any holidays
LOOKED_AHEAD_DAYS = 3 * 366


def to_domain(doc) -> WorkCalendar:
	"""The domain calendar of a Service Calendar document.

	Several exception rows of one date make one exception. frappe.ValidationError names row, field and value.
	"""
	week: dict[int, list[Window]] = {}
	for row in doc.get("windows") or []:
		week.setdefault(calendar_rows.weekday_number(row, "weekday", row.weekday), []).append(
			calendar_rows.window(row)
		)
	exceptions = [calendar_rows.exception(rows) for rows in calendar_rows.by_date(doc).values()]
	try:
		return WorkCalendar(
			cstr(doc.time_zone).strip(), week, exceptions, name=cstr(doc.name or doc.calendar_name)
		)
	except DomainError as error:
		_explain(error, doc)


def tidy(doc) -> None:
	"""Clear what the form hides, so that nobody believes it counts: hours of a holiday, a weekday of special hours."""
	for row in doc.get("exceptions") or []:
		if row.kind != "Make-up Workday":
			row.as_weekday = None
		if row.kind == "Holiday" or row.as_weekday:
			row.start_time = row.end_time = None


def content(doc) -> dict[str, Any]:
	"""What a Rule Version keeps of a calendar: its hours, without its name."""
	return {key: value for key, value in to_domain(doc).to_dict().items() if key != "name"}


def publish(doc) -> str:
	"""Publish the calendar's hours and return the version's name; a note alone makes no new revision."""
	latest, choice = versions.current(DOCTYPE, doc.name), rule_changes.chosen(doc)
	if latest and not choice and says_the_same(doc):
		return latest
	hours = changed(doc, choice.day if choice else None)
	found = {key: value for key, value in hours.to_dict().items() if key != "name"}
	return versions.publish(DOCTYPE, doc.name, found, rule_changes.noted(doc))


def says_the_same(doc) -> bool:
	"""Whether the hours of a calendar, as it stands, are those published last."""
	latest = versions.current(DOCTYPE, doc.name)
	return bool(latest) and _hours(versions.content(latest)) == _hours(content(doc))


def pending(doc) -> date | None:
	"""The day on which the hours published last begin, where that is still to come."""
	latest = versions.current(DOCTYPE, doc.name)
	earlier = compiled(latest).earlier if latest else None
	return earlier.until if earlier and earlier.until > rule_changes.today(doc) else None


def changed(doc, day: date | None) -> WorkCalendar:
	"""The hours of a calendar as it stands, from now on or, until a day, as they were."""
	hours, latest = to_domain(doc), versions.current(DOCTYPE, doc.name)
	if not day or not latest:
		return hours
	try:
		return compiled(latest).since(rule_changes.today(doc)).changing_to(hours, day)
	except DomainError as error:
		_explain(error, doc)


def measuring(name: str) -> WorkCalendar:
	"""The hours of a calendar by which records are measured today: what customers are told."""
	version = versions.current(DOCTYPE, name)
	return compiled(version) if version else to_domain(frappe.get_cached_doc(DOCTYPE, name))


def show_pending(doc) -> None:
	"""onload: the form says until when other hours than those on it hold."""
	if day := pending(doc):
		doc.set_onload("ops_pending", day)


def publish_revision(doc) -> None:
	"""Publish, keep the revision on the document, and have running clocks follow where it is a new one."""
	version = publish(doc)
	revision = versions.revision(version)
	if revision != cint(doc.revision):
		_tell_of_closed_spells(doc, compiled(version))
		doc.db_set("revision", revision, update_modified=False)
		if revision > 1:
			events.tell(RuleRevised(DOCTYPE, doc.name, version))


def _tell_of_closed_spells(doc, calendar: WorkCalendar) -> None:
	"""Whoever saves hours that stand still for long is told at once: deadlines fall behind it, whatever was promised."""
	spells = calendar.closed_spells(utc_now(), LOOKED_AHEAD_DAYS, LONG_CLOSED_DAYS)
	if spells:
		lines = [
			_("{0} to {1}", context="Ops Delivery").format(formatdate(to_site(begins).date()), formatdate(to_site(ends).date()))
			for begins, ends in spells[:5]
		]
		frappe.msgprint(
			_(
				"{0} has no service hours for more than {1} days on end: {2}. Deadlines of running clocks fall after that. Look at the days off again if that is not meant."
			).format(frappe.bold(escape_html(doc.name)), LONG_CLOSED_DAYS, "; ".join(lines)),
			title=_("No service hours for long"),
			indicator="orange",
		)


def compiled(version: str) -> WorkCalendar:
	"""The calendar of a Rule Version, kept per process: a version never changes."""
	if versions.is_committed(version):
		return _compiled(frappe.local.site, version)
	return _compile(version)


def forget_compiled() -> None:
	"""Drop what this process keeps (kept.forget_all)."""
	_compiled.cache_clear()


@lru_cache(maxsize=256)
def _compiled(site: str, version: str) -> WorkCalendar:
	return _compile(version)


def _compile(version: str) -> WorkCalendar:
	return WorkCalendar.from_dict({**versions.content(version), "name": version})


def _hours(stored: dict[str, Any]) -> dict[str, Any]:
	without_notes = [
		{key: value for key, value in exception.items() if key != "note"}
		for exception in stored["exceptions"]
	]
	return {"time_zone": stored["time_zone"], "week": stored["week"], "exceptions": without_notes}


# What the domain objects to


def _explain(error: DomainError, doc) -> None:
	"""Say in the words of the form why the domain refuses the calendar."""
	context = error.context
	message = {
		"unknown_zone": lambda: _(
			"{0}: there is no time zone {1}. Choose one from the list, such as {2}."
		).format(_label("time_zone"), _value(context.get("value")), "Asia/Shanghai"),
		"other_zone": lambda: _(
			"{0}: another time zone, {1}, can only hold from now on, as the hours until then are counted in {2}. Choose {3}, or leave the time zone as it is."
		).format(
			_label("time_zone"),
			_value(context["zone"]),
			_value(context["value"]),
			frappe.bold(_(rule_changes.NOW, context=DOCTYPE)),
		),
		"no_working_time": lambda: _(
			"{0}: there are no weekly hours at all, so no deadline could ever be reached. Enter at least one window."
		).format(_label("windows")),
		"overlapping_windows": lambda: _(
			"{0}: {1} and {2} overlap on {3} (rows {4}). Shorten one of them, or join them into one row."
		).format(
			_label("windows"),
			_value(context["first"]),
			_value(context["second"]),
			_(context["overlap"]),
			_rows_of(doc, context),
		),
		"overlapping_exception": lambda: _(
			"{0}: the hours of {1} overlap (rows {2}). Shorten one of them, or join them into one row."
		).format(_label("exceptions"), _value(formatdate(context["date"])), _rows_on(doc, context["date"])),
		"makeup_without_windows": lambda: _(
			"{0}, rows {1}: the make-up workday {2} would have no hours, because its weekday has none. Choose a weekday with hours, or give From and To."
		).format(_label("exceptions"), _rows_on(doc, context["date"]), _value(formatdate(context["date"]))),
		"special_without_windows": lambda: _(
			"{0}, rows {1}: the special hours of {2} are empty. Give From and To, or choose the kind Holiday."
		).format(_label("exceptions"), _rows_on(doc, context["date"]), _value(formatdate(context["date"]))),
	}.get(error.code)
	frappe.throw(message() if message else escape_html(str(error)), title=_("Service hours not usable"))


def _label(fieldname: str) -> str:
	return frappe.bold(_(frappe.get_meta(DOCTYPE).get_label(fieldname), context=DOCTYPE))


def _value(value: Any) -> str:
	return frappe.bold(escape_html(cstr(value) or _("(empty)")))


def _rows_on(doc, day: date) -> str:
	return ", ".join(str(row.idx) for row in calendar_rows.by_date(doc).get(day, []))


def _rows_of(doc, context: dict[str, Any]) -> str:
	"""The rows of two windows that overlap: both of the weekday, or the second of the next one."""
	tomorrow = WEEKDAYS[(WEEKDAYS.index(context["weekday"]) + 1) % 7]
	found = [
		row.idx
		for row in doc.windows
		if (
			row.weekday == context["weekday"]
			and "-".join(calendar_rows.window(row).format()) in (context["first"], context["second"])
		)
		or (row.weekday == tomorrow and "-".join(calendar_rows.window(row).format()) == context["second"])
	]
	return ", ".join(str(idx) for idx in found)
