"""What lies ahead and will draw on an agreed amount: visits, sessions and routine tasks that are planned (5.3.a)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import islice

import frappe
from frappe.utils import get_datetime, getdate

from ops_delivery.domain.amounts.promised import Draw
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.agreements.amounts import HOURS, TASKS
from ops_delivery.services.amounts.sources import OVER, TASK, Work, amount_of
from ops_delivery.services.amounts.versions import Versions
from ops_delivery.services.routine import dates
from ops_delivery.services.visits.types import KINDS

SCHEDULE = "Routine Schedule"
MOST_DATES = 1000


def draws(promised: Iterable[Versions], today: date) -> dict[tuple[str, str], list[Draw]]:
	"""(agreement number, key) -> what is planned, each by the version in force on its day. A fixed number of queries."""
	of = {version.name: versions for versions in promised for version in versions.all}
	rows = [row for versions in of.values() for version in versions.all for row in version.rows]
	work: list[Work] = []
	if any(row.counts != TASKS for row in rows):
		work += _visits(list(of), any(row.counts == HOURS for row in rows))
	if any(row.counts == TASKS for row in rows):
		work += [*_tasks(list(of)), *_dates(of, today)]
	found: dict[tuple[str, str], list[Draw]] = {}
	for number, one in enumerate(work):
		version = of[one.agreement].on(one.day)
		for row in version.rows if version else ():
			if quantity := amount_of(row, one):
				draw = Draw(f"planned|{number}", one.day, quantity, planned=True)
				found.setdefault((version.number, row.amount_key), []).append(draw)
	return found


def _visits(names: list[str], with_hours: bool) -> Iterator[Work]:
	for doctype, kind in KINDS.items():
		rows = frappe.get_all(
			doctype,
			filters={"agreement": ["in", names], "status": ["in", kind.phases[:OVER]], "planned_start": ["is", "set"]},
			fields=["name", "agreement", "planned_start", "planned_end", "service_content"],
			order_by="planned_start, name",
		)
		people = _people(doctype, [row.name for row in rows]) if with_hours else {}
		for row in rows:
			start, end = get_datetime(row.planned_start), get_datetime(row.planned_end or row.planned_start)
			hours = max(0.0, (end - start).total_seconds() / 3600) * people.get(row.name, 1)
			yield Work(doctype, row.name, "", row.agreement, start.date(), hours, content=row.service_content)


def _people(doctype: str, names: list[str]) -> dict[str, int]:
	found: dict[str, int] = {}
	filters = {"parenttype": doctype, "parent": ["in", names or [""]]}
	for name in frappe.get_all("Field Service Engineer", filters, pluck="parent", order_by="parent"):
		found[name] = found.get(name, 0) + 1
	return found


def _tasks(names: list[str]) -> Iterator[Work]:
	for row in frappe.get_all(
		TASK,
		filters={"agreement": ["in", names], "status": ["in", ["Planned", "In Progress"]]},
		fields=["name", "agreement", "planned_on", "kind"],
		order_by="planned_on, name",
	):
		yield Work(TASK, row.name, "", row.agreement, getdate(row.planned_on), kind=row.kind)


def _dates(of: dict[str, Versions], today: date) -> Iterator[Work]:
	"""The dates of schedules that no task was made of yet, up to the end of their agreement."""
	for row in frappe.get_all(
		SCHEDULE,
		filters={"agreement": ["in", list(of)], "enabled": 1, "next_date": ["is", "set"]},
		fields=["name", "kind", "next_date", *dates.FIELDS],
		order_by="name",
	):
		last = max(version.span.last for version in of[row.agreement].all)
		with suppress(DomainError):  # the schedule's own form says it
			for due in islice(dates.upcoming(row, max(getdate(row.next_date), today)), MOST_DATES):
				if due.at > last:
					break
				yield Work(TASK, row.name, str(due.at), row.agreement, due.at, kind=row.kind)
