"""Tasks that lie ahead of a schedule that changes: what nobody has dealt with goes, and is made anew (6.2.a).

What somebody has dealt with stays as it is: the customer has answered, something was confirmed, it was given to another person or
planned for another day, a visit was planned for it. Whoever changes the schedule is told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import escape_html, format_date

from ops_delivery.domain.routine.planned_dates import Planned

TASK, PLANNED, IN_PROGRESS = "Routine Task", "Planned", "In Progress"
SAVEPOINT = "ops_task_ahead"
LISTED = 10


def clear(schedule: str, today: date, told: bool = True) -> dict[int, frappe._dict]:
	"""Take away the tasks after today that nobody has dealt with; which ones stay, by their place among those ahead (the first is 0).

	A task that somebody else holds at this moment is being dealt with, so it stays, too: none is taken from under their hands.
	`told`: say to whoever changes the schedule which ones stay.
	"""
	places = {name: place for place, name in enumerate(_ahead(schedule, today))}
	gone = {row.name for row in _planned(schedule, today) if row.modified == row.creation and _deleted(row.name)}
	kept = {places[row.name]: row for row in _rows([name for name in places if name not in gone])}
	if told:
		_tell([row for row in kept.values() if row.status == PLANNED])
	return kept


def stand_for(kept: Mapping[int, frappe._dict], found: Iterable[Planned]) -> None:
	"""Tasks that stay stand for the new dates of their places, so that none is made beside them; say so."""
	for place, due in enumerate(found):
		if row := kept.get(place):
			frappe.db.set_value(TASK, row.name, "meant_for", due.origin, update_modified=False)
			if row.planned_on != due.at:
				frappe.msgprint(
					_("The task of {0} stays on its day, as somebody has dealt with it already; it stands for {1}.").format(
						format_date(row.planned_on), format_date(due.at)
					),
					indicator="blue",
				)


def _tell(kept: Sequence[frappe._dict]) -> None:
	if not kept:
		return
	days = [escape_html(f"{format_date(row.planned_on)}") for row in kept[:LISTED]]
	more = [_("and {0} more").format(len(kept) - LISTED)] if len(kept) > LISTED else []
	frappe.msgprint(
		_("These tasks stay as they are, as somebody has dealt with them already: {0}. Cancel what is not wanted any more.").format(
			", ".join([*days, *more])
		),
		indicator="orange",
	)


def _ahead(schedule: str, today: date) -> list[str]:
	"""The tasks after today that are not over, in their order."""
	filters = {"schedule": schedule, "planned_on": [">", today], "status": ["in", [PLANNED, IN_PROGRESS]]}
	return frappe.get_all(TASK, filters, pluck="name", order_by="planned_on, name")


def _rows(names: Sequence[str]) -> list[frappe._dict]:
	return frappe.get_all(TASK, {"name": ["in", names or [""]]}, ["name", "planned_on", "status"], order_by="planned_on, name")


def _planned(schedule: str, today: date) -> list[frappe._dict]:
	"""As others have committed them by now, and kept for us."""
	task = frappe.qb.DocType(TASK)
	return (
		frappe.qb.from_(task)
		.select(task.name, task.planned_on, task.creation, task.modified)
		.where((task.schedule == schedule) & (task.status == PLANNED) & (task.planned_on > today) & task.started_on.isnull())
		.orderby(task.planned_on)
		.for_update(skip_locked=True)
	).run(as_dict=True)


def _deleted(name: str) -> bool:
	"""Whether it went; a visit, or a record of the site's own, that names it keeps it."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		frappe.delete_doc(TASK, name, ignore_permissions=True, delete_permanently=True)
	except frappe.LinkExistsError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return False
	return True
