"""Filling a year of a Service Calendar: proposed rows, each with what it changes; nothing is saved here (6.3.b).

Rows entered by hand are kept; rows an earlier filling brought (they name their source) are replaced.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, formatdate, getdate, strip_html

from ops_delivery.domain.calendar import WEEKDAYS, WorkCalendar
from ops_delivery.services.rules import calendars, public_calendar

FIRST_YEAR, LAST_YEAR = 1971, 2199
MONDAY = 0


def from_public_calendar(
	doc,
	year: int,
	country: str,
	subdivision: str | None = None,
	take: str | None = None,
	makeup_as: str | None = None,
) -> dict[str, Any]:
	"""A year's holidays and make-up workdays of a country, with the comparison of the packages.

	`makeup_as` names a weekday whose hours every make-up workday gets; blank: the weekday of the day it stands in
	for, and Monday where that is not known.
	"""
	year = _year(year)
	compared = public_calendar.compare(year, country, subdivision or None, take or None)
	place = "-".join(filter(None, (country.upper(), subdivision)))
	source = f"{compared.taken.package} {compared.taken.version}, {place} {year}"
	rows = [
		{"date": day, "kind": "Holiday", "note": name, "source": source}
		for day, name in compared.taken.off.items()
		if day not in compared.taken.makeup
	]
	rows += [_makeup_row(doc, compared, day, makeup_as, source) for day in sorted(compared.taken.makeup)]
	proposal = _propose(doc, year, rows, suffix=f", {place} {year}")
	return {
		**proposal,
		"reason": compared.reason,
		"notes": list(compared.notes),
		"taken": compared.taken.package,
		"known": [{"package": package, "knows": knows} for package, knows in compared.known.items()],
		"differences": [
			{"date": str(row.day), "holidays": row.holidays, "chinesecalendar": row.chinesecalendar}
			for row in compared.differences
		],
	}


def from_holiday_list(doc, holiday_list: str, year: int) -> dict[str, Any]:
	"""The holidays of an ERPNext Holiday List in a year; its weekly days off are left to the weekly hours."""
	year = _year(year)
	listed = frappe.get_doc("Holiday List", holiday_list)
	listed.check_permission("read")
	within = [row for row in listed.holidays if getdate(row.holiday_date).year == year]
	rows = [
		{
			"date": getdate(row.holiday_date),
			"kind": "Holiday",
			"note": strip_html(row.description or "").strip(),
			"source": f"Holiday List {holiday_list}",
		}
		for row in within
		if not row.weekly_off
	]
	if not rows:
		frappe.throw(
			_(
				"{0}: {1} has no holidays in {2} besides weekly days off. It runs from {3} to {4}; choose another list or year."
			).format(
				frappe.bold(_("Holiday List", context="Ops Delivery")),
				frappe.bold(escape_html(holiday_list)),
				frappe.bold(year),
				formatdate(listed.from_date),
				formatdate(listed.to_date),
			),
			title=_("Nothing to fill in"),
		)
	notes = []
	if skipped := len(within) - len(rows):
		notes.append(
			_("{0} weekly days off of the list are left out: the weekly hours say when is closed.").format(
				skipped
			)
		)
	if getdate(listed.from_date) > date(year, 1, 1) or getdate(listed.to_date) < date(year, 12, 31):
		notes.append(
			_("The list covers only {0} to {1}; the rest of the year has no holidays in it.").format(
				formatdate(listed.from_date), formatdate(listed.to_date)
			)
		)
	notes.append(_("A Holiday List knows no make-up workdays."))
	proposal = _propose(doc, year, rows, source=f"Holiday List {holiday_list}")
	return {**proposal, "notes": notes, "differences": [], "known": []}


def _year(year: int) -> int:
	if not FIRST_YEAR <= cint(year) <= LAST_YEAR:
		frappe.throw(
			_("{0} {1}: enter a year between {2} and {3}.").format(
				frappe.bold(_("Year")), frappe.bold(escape_html(str(year))), FIRST_YEAR, LAST_YEAR
			)
		)
	return cint(year)


def _makeup_row(doc, compared, day: date, makeup_as: str | None, source: str) -> dict[str, Any]:
	stands_in_for = compared.taken.stands_in_for.get(day)
	weekday = makeup_as or WEEKDAYS[stands_in_for.weekday() if stands_in_for else MONDAY]
	name = compared.taken.makeup[day]
	note = _("Make-up workday for {0}").format(stands_in_for) if stands_in_for else _("Make-up workday")
	return {
		"date": day,
		"kind": "Make-up Workday",
		"as_weekday": weekday,
		"note": _("{0}: {1}").format(name, note) if name else note,
		"source": source,
		"guessed": not makeup_as and not stands_in_for,
	}


def _propose(
	doc, year: int, rows: list[dict[str, Any]], source: str = "", suffix: str = ""
) -> dict[str, Any]:
	"""What to do with each row, what the year looks like before and after."""
	before = calendars.to_domain(doc)
	there: dict[date, list] = {}
	for row in doc.get("exceptions") or []:
		there.setdefault(getdate(row.date), []).append(row)
	open_weekdays = {row.weekday for row in doc.windows}
	for row in rows:
		row["action"] = _action(row, there.get(row["date"], []), open_weekdays)
	wanted = {row["date"] for row in rows}
	rows += [
		{"date": day, "kind": old[0].kind, "note": old[0].note, "source": old[0].source, "action": "remove"}
		for day, old in there.items()
		if day.year == year
		and day not in wanted
		and all(
			(source and row.source == source) or (suffix and (row.source or "").endswith(suffix))
			for row in old
		)
	]
	rows.sort(key=lambda row: row["date"])
	after = _after(doc, rows)
	for row in rows:
		row["before"], row["after"] = (_hours(calendar, row["date"]) for calendar in (before, after))
		row["weekday"] = WEEKDAYS[row["date"].weekday()]
		row["date"] = str(row["date"])
	return {"rows": rows, "before": _totals(before, year), "after": _totals(after, year)}


def _action(row: dict[str, Any], old: list, open_weekdays: set[str]) -> str:
	if row.get("as_weekday") and row["as_weekday"] not in open_weekdays:
		return "closed"
	if any(not other.source for other in old):
		return "keep"
	if not old:
		return "add"
	same = len(old) == 1 and all(
		(old[0].get(key) or "") == (row.get(key) or "") for key in ("kind", "as_weekday", "note", "source")
	)
	return "same" if same else "replace"


def _after(doc, rows: list[dict[str, Any]]) -> WorkCalendar:
	"""The calendar as it would be with the proposed rows."""
	changed = frappe.copy_doc(doc, ignore_no_copy=False)
	changed.name = doc.name
	touched = {row["date"] for row in rows if row["action"] in ("add", "replace", "remove")}
	changed.set("exceptions", [row for row in changed.exceptions if getdate(row.date) not in touched])
	for row in rows:
		if row["action"] in ("add", "replace"):
			changed.append(
				"exceptions", {key: row.get(key) for key in ("date", "kind", "as_weekday", "note", "source")}
			)
	return calendars.to_domain(changed)


def _hours(calendar: WorkCalendar, day: date) -> int:
	"""Seconds of the windows that begin on a date."""
	return sum(window.end - window.start for window in calendar.windows_on(day))


def _totals(calendar: WorkCalendar, year: int) -> dict[str, int]:
	days = [_hours(calendar, date(year, 1, 1) + timedelta(days=n)) for n in range(366)]
	days = days[: (date(year + 1, 1, 1) - date(year, 1, 1)).days]
	return {"days": sum(1 for seconds in days if seconds), "seconds": sum(days)}
