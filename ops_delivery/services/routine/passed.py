"""What becomes of tasks that were not begun by their day: missed, or cancelled where the agreement did not ask for them (6.2.a)."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.routine import planner, ruling
from ops_delivery.services.shared.site_time import site_now

TASK = "Routine Task"
PLANNED, MISSED, CANCELLED = "Planned", "Missed", "Cancelled"


def settle() -> None:
	"""What was not begun by its day is missed; where the agreement is suspended, or ended before, it is cancelled instead.

	An agreement is asked by the version that counts now: what was made under one that has a successor ends with the successor.
	"""
	task, agreement, today = frappe.qb.DocType(TASK), frappe.qb.DocType(ruling.AGREEMENT), site_now().date()
	passed = (task.status == PLANNED) & (task.due_on < today)
	suspended = frappe.qb.from_(agreement).select(agreement.name).where(agreement.status == ruling.SUSPENDED)
	_cancel(passed & task.agreement.isin(suspended), _("The agreement was suspended."))
	ended = frappe.qb.from_(agreement).select(agreement.name)
	ended = ended.where((agreement.status == "Terminated") & (agreement.termination_date < task.planned_on))
	_cancel((task.status == PLANNED) & task.agreement.isin(ended), _("The agreement has ended."))
	for names, now in _succeeded():
		if now.status == ruling.SUSPENDED:
			_cancel(passed & task.agreement.isin(names), _("The agreement was suspended."))
		elif now.status != ruling.SUPERSEDED:
			beyond = (task.status == PLANNED) & (task.planned_on > (now.rules_until or agreements.last_day(now)))
			_cancel(beyond & task.agreement.isin(names), _("The agreement has ended."))
	frappe.qb.update(task).set(task.status, MISSED).where(passed).run()


def _succeeded() -> list[tuple[list[str], frappe._dict]]:
	"""(versions that have a successor and still have planned tasks, the version that counts now)."""
	task, agreement = frappe.qb.DocType(TASK), frappe.qb.DocType(ruling.AGREEMENT)
	names = (
		frappe.qb.from_(task)
		.join(agreement)
		.on(agreement.name == task.agreement)
		.select(agreement.name)
		.distinct()
		.where((task.status == PLANNED) & (agreement.status == ruling.SUPERSEDED))
	).run(pluck=True)
	if not names:
		return []
	found: dict[str, tuple[list[str], frappe._dict]] = {}
	for name, now in ruling.now(names).items():
		found.setdefault(now.name, ([], now))[0].append(name)
	return list(found.values())


def _cancel(condition, why: str) -> None:
	"""Cancel tasks, and take those off the lists on which something stood against them."""
	task, todo = frappe.qb.DocType(TASK), frappe.qb.DocType("ToDo")
	given = (todo.reference_type == TASK) & (todo.reference_name == task.name) & (todo.status == "Open")
	listed = frappe.qb.from_(task).join(todo).on(given).select(task.name).distinct().where(condition).run(pluck=True)
	frappe.qb.update(task).set(task.status, CANCELLED).set(task.cancel_reason, why).where(condition).run()
	for name in listed:
		planner.refresh(frappe.get_doc(TASK, name))
