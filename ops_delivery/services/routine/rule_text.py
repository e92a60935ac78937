"""The rule of a schedule: written from what is chosen on its form, and kept as RFC 5545 text (6.2.a)."""

from __future__ import annotations

from typing import Any

from frappe.utils import cint, cstr

from ops_delivery.domain.routine.planned_dates import AFTER, BEFORE, KEEP
from ops_delivery.domain.routine.recurrence import SKIP
from ops_delivery.domain.routine.rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BY_A_RULE = "By a Rule"
WORKING_DAY, FIRST_DAY, LAST_DAY = "Every Working Day", "First Working Day of a Month", "Last Working Day of a Month"
POSITIONS = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
# what a sentence of working days says of days off
FIXED_CLOSED = {WORKING_DAY: SKIP, FIRST_DAY: AFTER, LAST_DAY: BEFORE}
CLOSED = {"Stays": KEEP, "Is Left Out": SKIP, "Moves Before": BEFORE, "Moves After": AFTER}


def write(values: Any) -> str:
	"""The rule that the choices of a schedule (a document, or a row of its fields) say; one of the person's own is put into
	one form. What is left open is that of the day from which it is counted. DomainError names what is wrong with it."""
	repeats, every = values.get("repeats"), cint(values.get("every")) or 1
	days = [number for number, name in enumerate(WEEKDAYS) if cint(values.get(name))]
	if repeats == BY_A_RULE:
		rule = Rule.read(cstr(values.get("rule")))
	elif repeats == WORKING_DAY:
		rule = Rule(DAILY)
	elif repeats == "Daily":
		rule = Rule(DAILY, every)
	elif repeats == "Weekly":
		rule = Rule(WEEKLY, every, by_day=tuple((0, day) for day in days))
	elif repeats == "Monthly on a Weekday":
		place = POSITIONS[values.get("position") or "First"]
		rule = Rule(MONTHLY, every, by_day=tuple((place, day) for day in days or [0]))
	elif repeats in (FIRST_DAY, LAST_DAY):
		rule = Rule(MONTHLY, every, by_month_day=(1 if repeats == FIRST_DAY else -1,))
	elif repeats == "Yearly":
		rule = Rule(YEARLY, every)
	else:
		day = cint(values.get("month_day"))
		rule = Rule(MONTHLY, every, by_month_day=(day,) if day else ())
	return rule.text()


def closed_of(values: Any) -> str:
	"""What a schedule does with a date on a day off, in the domain's word."""
	return FIXED_CLOSED.get(values.get("repeats")) or CLOSED.get(values.get("closed_days"), KEEP)
