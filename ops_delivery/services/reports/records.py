"""The annex: the records of the period, one by one (8.3.b.5). Complaints are in no list."""

from __future__ import annotations

from ops_delivery.domain.service_report.model import (
	DAY,
	MOMENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Section,
	Table,
	label,
)
from ops_delivery.services.reports import request_rows, routine, visits
from ops_delivery.services.reports.lists import nothing
from ops_delivery.services.reports.period import Period, day_text, moment_text

MOST = 500  # lines of a list; of more, how many is said
ISSUE, TASK = "Issue", "Routine Task"
REQUESTS = (
	Column("record", label("Request"), RECORD, ISSUE),
	Column("subject", label("Subject"), TEXT),
	Column("kind", label("Kind"), STATE, "Issue Type"),
	Column("priority", label("Priority"), STATE, "Issue Priority"),
	Column("reported", label("Reported"), MOMENT),
	Column("resolved", label("Resolved"), MOMENT),
	Column("status", label("State"), STATE, ISSUE),
)
VISITS = (
	Column("record", label("Visit"), RECORD),
	Column("title", label("Subject"), TEXT),
	Column("arrived", label("Arrived"), MOMENT),
	Column("left", label("Left the Site"), MOMENT),
	Column("outcome", label("Outcome"), STATE, "Field Service Sheet"),
	Column("status", label("State"), STATE, "Field Service Sheet"),
)
TASKS = (
	Column("record", label("Task"), RECORD, TASK),
	Column("title", label("Subject"), TEXT),
	Column("day", label("Planned"), DAY),
	Column("done", label("Carried Out"), MOMENT),
	Column("result", label("Result"), STATE, TASK),
	Column("status", label("State"), STATE, TASK),
)


def collect(period: Period) -> Section:
	"""The requests, visits and routine tasks that the other sections count."""
	tables = (_requests(period), _visits(period), _tasks(period))
	if not any(table.rows for table in tables):
		return nothing("records", label("There is no record of this period."))
	return Section("records", tables=tuple(table for table in tables if table.rows))


def _requests(period: Period) -> Table:
	found = request_rows.read(period)
	rows = [
		{
			"record": row.name,
			"subject": row.subject,
			"kind": row.category,
			"priority": row.priority,
			"reported": moment_text(row.reported),
			"resolved": moment_text(row.over),
			"status": row.status,
		}
		for row in found[:MOST]
	]
	return Table("requests", label("Requests"), REQUESTS, tuple(rows), cut=max(0, len(found) - MOST))


def _visits(period: Period) -> Table:
	found = visits.rows(period)
	rows = [
		{
			"record": row.facts.name,
			"doctype": row.doctype,
			"title": row.facts.title,
			"arrived": moment_text(row.facts.arrived_on),
			"left": moment_text(row.facts.left_on),
			"outcome": row.facts.outcome or None,
			"status": row.facts.status,
		}
		for row in found[:MOST]
	]
	return Table("visits", label("Visits and sessions"), VISITS, tuple(rows), cut=max(0, len(found) - MOST))


def _tasks(period: Period) -> Table:
	found = period.once("tasks", lambda: routine.tasks(period, period.span))
	rows = [
		{
			"record": row.name,
			"title": row.title,
			"day": day_text(row.planned_on),
			"done": moment_text(row.done_on),
			"result": row.result or None,
			"status": row.status,
		}
		for row in found[:MOST]
	]
	return Table("tasks", label("Routine tasks"), TASKS, tuple(rows), cut=max(0, len(found) - MOST))
