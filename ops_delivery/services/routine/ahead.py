"""Tasks that lie ahead of a schedule that changes: what nobody has dealt with goes, and is made anew (6.2.a).

What somebody has dealt with stays as it is: the customer has answered, something was confirmed, it was given to another person or
planned for another day, a visit was planned for it. Whoever changes the schedule is told of it.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import escape_html, format_date

TASK, PLANNED = "Routine Task", "Planned"
SAVEPOINT = "ops_task_ahead"
LISTED = 10


def clear(schedule: str, today: date) -> None:
	"""Take away the tasks after today that nobody has dealt with; say which ones stay.

	A task that somebody else holds at this moment is being dealt with, so it stays, too: none is taken from under their hands.
	"""
	kept = []
	for row in _planned(schedule, today):
		if row.modified != row.creation or not _deleted(row.name):
			kept.append(row)
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
