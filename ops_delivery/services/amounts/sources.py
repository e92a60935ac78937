"""What a piece of work takes of which amount: visits and sessions, routine tasks, lines of time sheets (5.3.a).

Each kind is read in sets, so that a check of a whole agreement costs no query for each record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe.utils import cint, flt, getdate

from ops_delivery.services.agreements.amounts import BOTH, HOURS, SESSIONS, TASKS, VISITS
from ops_delivery.services.amounts import versions
from ops_delivery.services.visits.recorded import OVER
from ops_delivery.services.visits.types import KINDS, SESSION, SHEET

TASK, TIMESHEET = "Routine Task", "Timesheet"


class Work(NamedTuple):
	"""Something that was done under an agreement on a day. `line`: the line of a time sheet, else "".

	`hours`: without travel. `kind`: of routine work; `content`: the service content of a visit, None where it has none.
	"""

	doctype: str
	name: str
	line: str
	agreement: str
	day: date
	hours: float = 0
	travel: float = 0
	content: str | None = None
	kind: str | None = None


class Take(NamedTuple):
	"""So much is drawn on one amount, because of one piece of work."""

	work: Work
	version: versions.Version
	row: frappe._dict
	quantity: Decimal


def takes(work: Iterable[Work]) -> list[Take]:
	"""What pieces of work draw, by the versions in force on their days."""
	work = list(work)
	known = versions.of_all([one.agreement for one in work])
	found: list[Take] = []
	for one in work:
		promised = known.get(one.agreement)
		if not promised:
			continue
		version = promised.on(one.day) or promised.named(one.agreement)
		for row in version.rows if version else ():
			quantity = amount_of(row, one)
			if quantity:
				found.append(Take(one, version, row, quantity))
	return found


def amount_of(row: Any, work: Work) -> Decimal:
	"""How much of an agreed amount a piece of work takes; 0 where it takes none."""
	if row.counts == TASKS:
		return Decimal(int(work.doctype == TASK and row.routine_kind in (None, "", work.kind)))
	if work.doctype == TASK or (row.service_content and row.service_content != work.content):
		return Decimal(0)
	if row.counts == HOURS:
		hours = flt(work.hours) + (flt(work.travel) if cint(row.with_travel) else 0)
		return Decimal(str(max(0.0, flt(hours, 3))))
	meant = {VISITS: (SHEET,), SESSIONS: (SESSION,), BOTH: (SHEET, SESSION)}[row.counts]
	return Decimal(int(work.doctype in meant))


def done(doctype: str, names: Iterable[str]) -> list[Work]:
	"""What records of a type stand for, as far as it was done and not cancelled."""
	names = list(names)
	if not names:
		return []
	if doctype in KINDS:
		return list(_visits(doctype, names))
	return list(_tasks(names) if doctype == TASK else _lines(names))


def _visits(doctype: str, names: list[str]) -> Iterator[Work]:
	rows = frappe.get_all(
		doctype,
		filters={"name": ["in", names], "status": ["in", KINDS[doctype].phases[OVER:]], "agreement": ["is", "set"]},
		fields=["name", "agreement", "arrived_on", "left_on", "service_content", "hours_on_site"],
		order_by="name",
	)
	hours = _hours(doctype, [row.name for row in rows])
	for row in rows:
		if not (moment := row.arrived_on or row.left_on):
			continue
		work, travel = hours.get(row.name) or (0, 0)
		yield Work(doctype, row.name, "", row.agreement, getdate(moment), work or flt(row.hours_on_site), travel, row.service_content)


def _hours(doctype: str, names: list[str]) -> dict[str, tuple[float, float]]:
	"""visit -> (hours of work, hours of travel) of all its engineers."""
	found: dict[str, tuple[float, float]] = {}
	for row in frappe.get_all(
		"Field Service Engineer",
		filters={"parenttype": doctype, "parent": ["in", names or [""]]},
		fields=["parent", "work_hours", "travel_hours"],
		order_by="parent, idx",
	):
		work, travel = found.get(row.parent, (0.0, 0.0))
		found[row.parent] = (work + flt(row.work_hours), travel + flt(row.travel_hours))
	return found


def _tasks(names: list[str]) -> Iterator[Work]:
	for row in frappe.get_all(
		TASK,
		filters={"name": ["in", names], "status": "Done", "agreement": ["is", "set"]},
		fields=["name", "agreement", "done_on", "planned_on", "kind"],
		order_by="name",
	):
		yield Work(TASK, row.name, "", row.agreement, getdate(row.done_on or row.planned_on), kind=row.kind)


def _lines(names: list[str]) -> Iterator[Work]:
	"""Lines of submitted time sheets for the project of a Delivery Plan; a visit's own sheet is counted by the visit."""
	sheets = {
		row.name: row.parent_project
		for row in frappe.get_all(
			TIMESHEET,
			filters={"name": ["in", names], "docstatus": 1, "ops_visit": ["is", "not set"]},
			fields=["name", "parent_project"],
			order_by="name",
		)
	}
	lines = frappe.get_all(
		"Timesheet Detail",
		filters={"parent": ["in", list(sheets) or [""]]},
		fields=["name", "parent", "project", "from_time", "hours"],
		order_by="parent, idx",
	)
	agreements = agreements_of(line.project or sheets[line.parent] for line in lines)
	for line in lines:
		agreement = agreements.get(line.project or sheets[line.parent] or "")
		if agreement and line.from_time:
			yield Work(TIMESHEET, line.parent, line.name, agreement, getdate(line.from_time), flt(line.hours))


def agreements_of(projects: Iterable[str | None]) -> dict[str, str]:
	"""project -> the agreement of its Delivery Plan."""
	wanted = sorted({project for project in projects if project})
	if not wanted:
		return {}
	rows = frappe.get_all(
		"Delivery Plan",
		filters={"project": ["in", wanted], "agreement": ["is", "set"], "status": ["!=", "Cancelled"]},
		fields=["project", "agreement"],
		order_by="creation",
	)
	return {row.project: row.agreement for row in rows}
