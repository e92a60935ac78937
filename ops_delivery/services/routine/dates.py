"""The dates of a schedule: one function for what the form shows and for what is made (6.2.a).

`values` is a Routine Schedule, or a row of its fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from typing import Any

import frappe
from frappe.utils import cint, getdate

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.routine.due_tasks import Terms
from ops_delivery.domain.routine.planned_dates import KEEP, Planned, Recurrence
from ops_delivery.domain.routine.recurrence import LAST, SKIP
from ops_delivery.domain.routine.rule import Rule
from ops_delivery.services.routine import rule_text
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import rule_versions as versions

FIELDS = (
	*("repeats", "rule", "first_date", "last_date", "counted_from", "short_month", "closed_days", "calendar", "agreement"),
	*("lead_days", "days_to_do"),
)
SHORT_MONTH = {"Last Day": LAST, "Skip": SKIP}


def upcoming(values: Any, since: date) -> Iterator[Planned]:
	"""The planned dates of a schedule from a day on, in order. DomainError, at once or on the way."""
	rule, start = Rule.read(values.get("rule") or ""), getdate(values.get("counted_from") or values.get("first_date"))
	last = getdate(values.get("last_date")) if values.get("last_date") else None
	if last and not rule.count and (rule.until is None or last < rule.until):
		rule = rule.with_(until=last)
	closed = rule_text.closed_of(values)
	hours = hours_of(calendar_name(values)) if closed != KEEP else None
	short_month = SHORT_MONTH.get(values.get("short_month"), LAST)
	found = Recurrence(rule, start, short_month, closed, hours).dates(since)
	return takewhile(lambda due: due.origin <= last, found) if last and rule.count else found


def looks_at_days_off(values: Any) -> bool:
	"""Whether a schedule asks a calendar."""
	return rule_text.closed_of(values) != KEEP


def calendar_name(values: Any) -> str | None:
	"""The Service Calendar that a schedule asks: its own, else that of the service hours of its agreement."""
	agreement = values.get("agreement")
	return values.get("calendar") or (
		frappe.get_cached_value("Service Agreement", agreement, "calendar") if agreement else None
	)


def hours_of(calendar: str | None) -> WorkCalendar | None:
	"""A Service Calendar as it is now; None where there is none, or it was never saved whole."""
	version = versions.current(calendars.DOCTYPE, calendar) if calendar else None
	return calendars.compiled(version) if version else None


def terms_of(values: Any, first: date = date.min, last: date = date.max) -> Terms:
	"""When a schedule's tasks are made and in time, under an agreement in force from a first to a last day."""
	return Terms(cint(values.get("lead_days")), cint(values.get("days_to_do")), first, last)
