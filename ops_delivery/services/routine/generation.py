"""Routine Tasks are made ahead of their dates, each exactly once (6.2.a).

A schedule notes the day on which its next task is to be made (`make_on`, indexed), so a run costs what is due and not what there
is. It takes the schedules that are due in batches, locked without waiting, reads what they need in sets, and commits each batch
with the schedules' next day: a run that is killed loses nothing, and two at once share the work. A task's name is its
schedule's and the date it stands for, so the database itself has each but once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.utils import cint, getdate

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.due_tasks import Due, Run, due_tasks
from ops_delivery.framework import reading_committed
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.routine import ahead, assistance, dates, owners, passed, ruling, turns
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import site_now

SCHEDULE, TASK, MANUAL = "Routine Schedule", "Routine Task", "Operation Manual"
PLANNED, MISSED = passed.PLANNED, passed.MISSED
BATCH = 200
MOST = 500  # tasks of one schedule in one batch; the next one goes on from there
NO_MORE, NOT_IN_FORCE, FAILING = "No further date", "Agreement not in force", "Dates cannot be computed"
NO_OBJECT = "No object of the customer"
MOVED = "Moved"
FIELDS = (
	*("name", "title", "customer", "kind", "manual", "next_date", "assign_to", "person", "substitute", "user_group", "turn"),
	*dates.FIELDS,
)
COLUMNS = (
	*("name", "title", "schedule", "customer", "agreement", "kind", "manual", "manual_version", "status"),
	*("planned_on", "meant_for", "due_on", "assigned_to", "user_group", "customer_side"),
)
OBJECT_COLUMNS = ("name", "parent", "parenttype", "parentfield", "idx", "service_object", "object_name")


@in_site_language
def run() -> None:
	"""Scheduled, hourly: make what is due to be made, wake what rested, and say what was missed."""
	with reading_committed():
		_wake()
		frappe.db.commit()
		while make_batch():
			frappe.db.commit()
		passed.settle()
		assistance.settle_overdue()
		frappe.db.commit()


def make_batch(names: Iterable[str] | None = None) -> int:
	"""Make the tasks of up to BATCH schedules that are due (of `names` alone); how many schedules were looked at.

	The caller commits. A fixed number of queries, whatever the number of schedules and tasks.
	"""
	today = site_now().date()
	rows = _claim(today, names)
	if not rows:
		return 0
	needed = _Needed(rows)
	tasks, objects, requests = [], [], []
	made = needed.made_from(min(row.next_date for row in rows))
	for row in rows:
		for values, things in _tasks_of(row, needed, made, today):
			tasks.append(values)
			objects += things
			if asked := needed.assistance.get(row.name):
				requests += assistance.rows(values[0], values[COLUMNS.index("planned_on")], asked)
	bulk.insert(TASK, COLUMNS, tasks)
	bulk.insert("Routine Object", OBJECT_COLUMNS, objects)
	bulk.insert(assistance.REQUEST, assistance.COLUMNS, requests)
	assistance.tell([values[0] for values in tasks if values[-1]])
	_note(rows)
	return len(rows)


def go_on_from(task: Any) -> None:
	"""A task was done on another day than planned: where the rhythm moves, the rule is counted from that day on."""
	day = getdate(task.done_on)
	if day == getdate(task.planned_on) or frappe.db.get_value(SCHEDULE, task.schedule, "rhythm") != MOVED:
		return
	frappe.db.set_value(SCHEDULE, task.schedule, "counted_from", day, update_modified=False)
	begin_anew(task.schedule, day + timedelta(days=1), moved=True)


def begin_anew(schedule: str, since: date | None = None, moved: bool = False) -> None:
	"""A schedule was made or changed: what lies ahead and nobody has dealt with goes, and is made anew as it is now, from a day
	on (today). Nothing is made of days that have passed. `moved`: the rhythm goes on from another day, and what somebody has dealt
	with stands for the new date of its place: neither is it done twice, nor is an answer of the customer's lost.
	"""
	today = max(site_now().date(), since or date.min)
	kept = ahead.clear(schedule, site_now().date(), told=not moved)
	doc = frappe.get_doc(SCHEDULE, schedule)
	if moved and cint(doc.enabled):
		ahead.stand_for(kept, islice(dates.upcoming(doc, today), max(kept, default=-1) + 1))
	found = next(dates.upcoming(doc, today), None) if cint(doc.enabled) else None
	doc.db_set(
		{
			"next_date": found.at if found else None,
			"make_on": dates.terms_of(doc).made_on(found.at) if found else None,
			"rests_because": None if found or not cint(doc.enabled) else NO_MORE,
		},
		update_modified=False,
	)
	while make_batch([schedule]):
		pass


def _claim(today: date, names: Iterable[str] | None) -> list[frappe._dict]:
	table = frappe.qb.DocType(SCHEDULE)
	query = (
		frappe.qb.from_(table)
		.select(*[table[name] for name in FIELDS])
		.where((table.make_on <= today) & (table.enabled == 1) & table.next_date.isnotnull())
		.orderby(table.make_on)
		.orderby(table.name)
		.limit(BATCH)
		.for_update(skip_locked=True)
	)
	if names is not None:
		query = query.where(table.name.isin(sorted(names)))
	return query.run(as_dict=True)


class _Needed:
	"""What the schedules of one batch need, read for all of them at once."""

	def __init__(self, rows: list[frappe._dict]) -> None:
		self.names = sorted(row.name for row in rows)
		self.objects = self._children("Routine Object", ["service_object", "object_name"])
		self.owners = owners.of(thing.service_object for things in self.objects.values() for thing in things)
		self.people = self._children("Routine Person", ["user"])
		self.assistance = assistance.of_schedules(self.names)
		self.agreements = ruling.now({row.agreement for row in rows})
		self.manuals = dict(
			frappe.get_all(
				MANUAL,
				{"name": ["in", sorted({row.manual for row in rows})]},
				["name", "published_version"],
				as_list=True,
				order_by="name",
			)
		)
		users = [user for row in rows for user in (row.person, row.substitute)]
		users += [person.user for found in self.people.values() for person in found]
		self.staff = turns.staff(users)

	def made_from(self, day: date) -> dict[str, set[date]]:
		"""By schedule, the dates from a day on that tasks there are already are planned for or stand for."""
		task = frappe.qb.DocType(TASK)
		rows = (
			frappe.qb.from_(task)
			.select(task.schedule, task.planned_on, task.meant_for)
			.where(task.schedule.isin(self.names) & ((task.planned_on >= day) | (task.meant_for >= day)))
		).run()
		found: dict[str, set[date]] = defaultdict(set)
		for schedule, *both in rows:
			found[schedule].update(both)
		return found

	def objects_of(self, row: frappe._dict) -> list[frappe._dict]:
		"""The objects of a schedule's next tasks; without those that another customer has by now (moved_objects)."""
		return [thing for thing in self.objects[row.name] if self.owners.get(thing.service_object) == row.customer]

	def _children(self, doctype: str, fields: list[str]) -> dict[str, list[frappe._dict]]:
		found: dict[str, list[frappe._dict]] = defaultdict(list)
		filters = {"parenttype": SCHEDULE, "parent": ["in", self.names]}
		for row in frappe.get_all(doctype, filters, ["parent", *fields], order_by="parent, idx"):
			found[row.parent].append(row)
		return found


def _tasks_of(row: frappe._dict, needed: _Needed, made: dict[str, set[date]], today: date):
	"""The tasks that a schedule is to have by today, as rows; `row` is moved on to what comes next."""
	agreement = needed.agreements.get(row.agreement)
	row.agreement = agreement.name if agreement else row.agreement
	if not agreement or agreement.status not in ruling.RULING:
		_rest(row, NOT_IN_FORCE)
		return
	if not needed.objects_of(row):
		_rest(row, NO_OBJECT)
		return
	people = [person.user for person in needed.people[row.name]]
	terms = dates.terms_of(row, getdate(agreement.start_date), agreements.last_day(agreement))
	try:
		found = due_tasks(dates.upcoming(row, row.next_date), terms, today, made[row.name], MOST)
	except DomainError as error:
		found = Run((), error=error)
	for due in found.tasks:
		yield _task(row, due, turns.pick(row, people, due.planned.at, needed.staff), needed)
		row.turn = cint(row.turn) + 1
	row.rests_because, row.make_on = None, None
	if found.error:
		frappe.log_error(title=f"Ops Delivery: {row.name} has no dates", message=str(found.error))
		_rest(row, FAILING)
		return
	row.next_date = found.next.at if found.next else None
	if found.next and not found.ended:
		row.make_on = terms.made_on(found.next.at)
	else:
		_rest(row, NOT_IN_FORCE if found.ended else NO_MORE)


def _task(row: frappe._dict, due: Due, user: str | None, needed: _Needed):
	name = f"{row.name}-{due.planned.origin:%y%m%d}"
	values = (
		*(name, row.title, row.name, row.customer, row.agreement, row.kind, row.manual),
		*(needed.manuals.get(row.manual), MISSED if due.missed else PLANNED, due.planned.at, due.planned.origin, due.due_on, user),
		row.user_group if row.assign_to == turns.GROUP else None,
		assistance.ASKED if needed.assistance.get(row.name) and not due.missed else None,
	)
	things = [
		(frappe.generate_hash(length=12), name, TASK, "objects", idx, thing.service_object, thing.object_name)
		for idx, thing in enumerate(needed.objects_of(row), start=1)
	]
	return values, things


def _rest(row: frappe._dict, why: str) -> None:
	row.make_on, row.rests_because = None, why


def _note(rows: list[frappe._dict]) -> None:
	"""One statement for where all schedules of a batch go on."""
	table = frappe.qb.DocType(SCHEDULE)
	query = frappe.qb.update(table).where(table.name.isin([row.name for row in rows]))
	for fieldname in ("agreement", "next_date", "make_on", "rests_because", "turn"):
		case = Case()
		for row in rows:
			case = case.when(table.name == row.name, row.get(fieldname))
		query = query.set(table[fieldname], case)
	query.run()


def _wake() -> None:
	"""Schedules whose agreement is in force again go on with the first date from today; two queries, unless some wake."""
	table = frappe.qb.DocType(SCHEDULE)
	resting = (
		frappe.qb.from_(table)
		.select(table.name, table.agreement)
		.where((table.rests_because == NOT_IN_FORCE) & (table.enabled == 1))
		.orderby(table.name)
	).run(as_dict=True)
	if not resting:
		return
	today = site_now().date()
	found = ruling.now({row.agreement for row in resting})
	for row in resting:
		now = found.get(row.agreement)
		if now and now.status in ruling.RULING and agreements.last_day(now) >= today:
			frappe.db.set_value(SCHEDULE, row.name, "agreement", now.name, update_modified=False)
			begin_anew(row.name)
