"""What plans have to say: messages used by several of their services, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date, getdate

from ops_delivery.domain import planning
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.raci import Duty

LETTERS = {"Responsible": "R", "Accountable": "A", "Consulted": "C", "Informed": "I"}


def some(texts: Sequence[str], most: int) -> str:
	"""At most that many texts in one line, and a word that there are more."""
	shown = ", ".join(texts[:most])
	return _("{0} and more").format(shown) if len(texts) > most else shown


def check_period(doc, start: str, end: str) -> None:
	"""Refuse an end before the start, naming both fields and both dates; a date that is missing is no matter here."""
	if not doc.get(start) or not doc.get(end):
		return
	try:
		planning.check_period(getdate(doc.get(start)), getdate(doc.get(end)))
	except DomainError:
		frappe.throw(
			_("{0} {1} lies before {2} {3}. Correct one of the two dates.").format(
				_(doc.meta.get_label(end), context=doc.doctype),
				frappe.bold(format_date(doc.get(end))),
				_(doc.meta.get_label(start), context=doc.doctype),
				frappe.bold(format_date(doc.get(start))),
			),
			title=_("End before start"),
		)


def duties_of(rows) -> list[Duty]:
	"""The rows of a table of duties as the domain's, blanks trimmed."""
	return [
		Duty(cstr(row.matter).strip(), cstr(row.role).strip(), LETTERS[row.duty])
		for row in rows
		if row.duty in LETTERS
	]


def duty_problem(code: str, matter: str, roles: Sequence[str]) -> str:
	"""A problem of the responsibility matrix as a sentence (domain.raci.problems_of), escaped."""
	matter = frappe.bold(escape_html(matter))
	names = ", ".join(escape_html(role) for role in roles)
	match code:
		case "several_accountable":
			return _("{0}: {1} are all accountable. Leave one of them accountable.").format(matter, names)
		case "twice":
			return _("{0}: {1} has the same duty twice. Remove one of the rows.").format(matter, names)
		case "nobody_accountable":
			return _("{0}: nobody is accountable. Name one role.").format(matter)
	return _("{0}: nobody is responsible for doing it. Name at least one role.").format(matter)


def days(number: int) -> str:
	"""A number of days."""
	return _("1 day") if number == 1 else _("{0} days").format(number)


def standing(found: planning.Standing) -> str:
	"""How an activity stands, in a few words."""
	match found.kind:
		case "not_due":
			return _("begins in {0}").format(days(found.days)) if found.days else _("begins today")
		case "not_begun":
			return _("not begun, {0} late").format(days(found.days))
		case "under_way":
			return _("under way")
		case "overdue":
			return _("{0} overdue").format(days(found.days))
		case "on_time":
			return _("done on time")
		case "done_late":
			return _("done {0} late").format(days(found.days))
		case "done_early":
			return _("done {0} early").format(days(found.days))
		case "on_hold":
			return _("On Hold", context="Delivery Activity")
	return _("Cancelled", context="Delivery Activity")
