"""A Service Calendar made visible before anyone is measured by it: a year at a glance, and a what-if (6.3.b)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _

from ops_delivery.domain.calendar import WEEKDAYS, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.shared import site_time as time

MOST_HOURS = 20_000
MOST_LINES = 60


def year(calendar: WorkCalendar, number: int) -> dict[str, Any]:
	"""Each month of a year: its days with hours, kind and note, working days and seconds."""
	differs = {exception.date: exception for exception in calendar.exceptions}
	days = [_day(calendar, differs, day) for day in _dates(date(number, 1, 1), date(number, 12, 31))]
	months = []
	for month, members in groupby(days, key=lambda day: day["date"][:7]):
		rows = list(members)
		months.append(
			{
				"month": int(month[5:]),
				"days": rows,
				"working_days": sum(1 for row in rows if row["seconds"]),
				"seconds": sum(row["seconds"] for row in rows),
			}
		)
	return {
		"year": number,
		"time_zone": calendar.zone,
		"months": months,
		"working_days": sum(month["working_days"] for month in months),
		"seconds": sum(month["seconds"] for month in months),
		"exceptions": sum(1 for day in differs if day.year == number),
	}


def deadline(calendar: WorkCalendar, start: datetime, seconds: int) -> dict[str, Any]:
	"""The deadline of a target (working seconds) from an instant, and day by day how it comes about."""
	if not 0 < seconds <= MOST_HOURS * 3600:
		frappe.throw(
			_("{0}: enter a target above 0 and at most {1} hours.").format(
				frappe.bold(_("Target")), MOST_HOURS
			)
		)
	try:
		due = calendar.add(start, seconds)
	except DomainError:
		frappe.throw(_("With these hours the target would not be reached before the year 2200."))
	zone = ZoneInfo(calendar.zone)
	lines = _lines(calendar, start, due, zone)
	left = len(lines) - MOST_LINES
	if left > 0:
		lines = [*lines[: MOST_LINES - 10], {"kind": "more", "days": left}, *lines[-10:]]
	return {
		"start": _local(start, zone),
		"due": _local(due, zone),
		"due_site": str(time.to_site(due)),
		"time_zone": calendar.zone,
		"site_zone": time.site_zone().key,
		"lines": lines,
		"closed_at_start": not calendar.is_working(start),
	}


def _lines(calendar: WorkCalendar, start: datetime, due: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
	"""One line a day with counted hours; days without any are told as one stretch."""
	counted: dict[date, list[tuple[datetime, datetime]]] = {}
	for begin, end in calendar.segments(start, due):
		for part in _by_local_date(begin, end, zone):
			counted.setdefault(part[0].astimezone(zone).date(), []).append(part)
	notes = {exception.date: exception for exception in calendar.exceptions}
	total, lines = 0, []
	for day in _dates(start.astimezone(zone).date(), due.astimezone(zone).date()):
		parts = counted.get(day)
		if parts:
			seconds = sum(int((end - begin).total_seconds()) for begin, end in parts)
			total += seconds
			lines.append(
				{
					"kind": "counted",
					"date": str(day),
					"weekday": WEEKDAYS[day.weekday()],
					"windows": [_span(begin, end, zone) for begin, end in parts],
					"seconds": seconds,
					"total": total,
					"note": notes[day].note if day in notes else "",
					"exception": notes[day].kind if day in notes else "",
				}
			)
			continue
		note = (notes[day].note or _("Holiday", context="Ops Delivery")) if day in notes else ""
		if lines and lines[-1]["kind"] == "closed":
			lines[-1]["until"] = str(day)
			lines[-1]["days"] += 1
			if note and note not in lines[-1]["notes"]:
				lines[-1]["notes"].append(note)
		else:
			lines.append(
				{
					"kind": "closed",
					"date": str(day),
					"until": str(day),
					"weekday": WEEKDAYS[day.weekday()],
					"days": 1,
					"notes": [note] if note else [],
				}
			)
	return lines


def _day(calendar: WorkCalendar, differs: dict, day: date) -> dict[str, Any]:
	exception = differs.get(day)
	seconds = calendar.working_seconds_on(day)
	return {
		"date": str(day),
		"weekday": day.weekday(),
		"seconds": seconds,
		"kind": exception.kind if exception else ("work" if seconds else "off"),
		"note": exception.note if exception else "",
		"windows": ["–".join(window.format()) for window in calendar.windows_on(day)],
	}


def _by_local_date(begin: datetime, end: datetime, zone: ZoneInfo):
	"""The parts of a working interval, cut at local midnights."""
	while begin < end:
		local = begin.astimezone(zone)
		midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), zone).astimezone(
			time.UTC
		)
		cut = min(end, midnight)
		yield begin, cut
		begin = cut


def _span(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
	last = end.astimezone(zone)
	closing = "24:00" if last.hour == last.minute == last.second == 0 else f"{last:%H:%M}"
	return f"{begin.astimezone(zone):%H:%M}–{closing}"


def _local(instant: datetime, zone: ZoneInfo) -> str:
	return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _dates(first: date, last: date):
	for n in range((last - first).days + 1):
		yield first + timedelta(days=n)
