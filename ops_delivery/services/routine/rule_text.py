"""The rule of a schedule: written from what is chosen on its form, and kept as RFC 5545 text (6.2.a)."""

from __future__ import annotations

from typing import Any

from frappe.utils import cint, cstr, getdate

from ops_delivery.domain.routine.rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BY_A_RULE, LAST_WORKING_DAY = "By a Rule", "Last Working Day of a Month"
POSITIONS = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}


def write(values: Any) -> str:
	"""The rule that the choices of a schedule (a document, or a row of its fields) say; one of the person's own is put into
	one form. DomainError names what is wrong with it."""
	repeats = values.get("repeats")
	if repeats == BY_A_RULE:
		return Rule.read(cstr(values.get("rule"))).text()
	return _chosen(repeats, values).text()


def _chosen(repeats: str, values: Any) -> Rule:
	every, first = cint(values.get("every")) or 1, getdate(values.get("first_date"))
	days = [number for number, name in enumerate(WEEKDAYS) if cint(values.get(name))]
	if repeats == "Daily":
		return Rule(DAILY, every)
	if repeats == "Weekly":
		return Rule(WEEKLY, every, by_day=tuple((0, day) for day in days or [first.weekday()]))
	if repeats == "Monthly on a Weekday":
		place = POSITIONS[values.get("position") or "First"]
		return Rule(MONTHLY, every, by_day=tuple((place, day) for day in days or [first.weekday()]))
	if repeats == LAST_WORKING_DAY:
		return Rule(MONTHLY, every, by_month_day=(-1,))
	if repeats == "Yearly":
		return Rule(YEARLY, every, by_month=(first.month,), by_month_day=(first.day,))
	return Rule(MONTHLY, every, by_month_day=(cint(values.get("month_day")) or first.day,))
