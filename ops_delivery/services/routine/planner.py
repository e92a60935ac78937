"""What stands against a round, on the list of who answers for it: one ToDo that says all of it, until nothing does (6.2.c, 6.2.e)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, format_date

from ops_delivery.domain.routine.assistance import DECLINED, OVERDUE
from ops_delivery.domain.routine.safeguards import NOT_MET
from ops_delivery.services.shared import todos

OPEN = ("Planned", "In Progress", "Missed")


def refresh(task: Any) -> None:
	"""Bring the list in line with a task as it stands. The person in charge of the agreement has it, else who made the schedule;
	nobody is told of what they said themselves."""
	owner = frappe.db.get_value("Service Agreement", task.agreement, "owner_user") if task.agreement else None
	user = owner or (frappe.db.get_value("Routine Schedule", task.schedule, "owner") if task.schedule else None)
	if not user:
		return
	said = "<br>".join(_points(task, user)) if task.status in OPEN else ""
	known = [row.description for row in todos.given(task, user)]
	if known == [todos.marked(said)] or not (known or said):
		return
	todos.take_back(task, user)
	if said and frappe.db.exists("User", {"name": user, "enabled": 1}):
		todos.give(task, user, said, task.planned_on)


def tell_moved(schedule: Any, titles: list[str]) -> None:
	"""Say on the list of who answers for a schedule which of its objects are another customer's by now; take it off where none is."""
	user = (frappe.db.get_value("Service Agreement", schedule.agreement, "owner_user") if schedule.agreement else None) or schedule.owner
	known = [row.description for row in todos.given(schedule, user)]
	said = (
		_("{0}: these objects are another customer's by now, and stay out of its rounds: {1}. Take them off the schedule, or switch it off.").format(
			escape_html(cstr(schedule.title)), ", ".join(escape_html(cstr(title)) for title in titles)
		)
		if titles
		else ""
	)
	if known == [todos.marked(said)] or not (known or said):
		return
	todos.take_back(schedule, user)
	if said and frappe.db.exists("User", {"name": user, "enabled": 1}):
		todos.give(schedule, user, said)


def _points(task: Any, user: str) -> Iterator[str]:
	title = escape_html(cstr(task.title))
	for row in task.confirmations:
		if row.state == NOT_MET and row.confirmed_by != user:
			yield _("{0} cannot begin, this is not met: {1}. Permit it with a reason, or have it put right.").format(
				title, escape_html(cstr(row.requirement))
			)
	for row in task.assistance:
		if row.state == DECLINED:
			yield _("The customer cannot provide this for {0}: {1} ({2})").format(
				title, escape_html(cstr(row.details)), escape_html(cstr(row.answer))
			)
	if task.customer_side == OVERDUE:
		yield _("{0} on {1}: the customer has not confirmed yet what they provide.").format(title, format_date(task.planned_on))
