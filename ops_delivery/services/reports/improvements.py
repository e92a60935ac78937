"""The section of improvements: opened, done, and whether they helped (5.5.b, 5.5.f). What came of a complaint is counted and not named."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate

from ops_delivery.domain import improvement
from ops_delivery.domain.service_report.model import (
	DAY,
	RECORD,
	STATE,
	TEXT,
	Column,
	Section,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.permissions.confidential import ACTION, COMPLAINT
from ops_delivery.services.reports import confidential, misses
from ops_delivery.services.reports.lists import nothing, number, read
from ops_delivery.services.reports.period import Period, day_text
from ops_delivery.services.shared import site_time

CHECK = "Improvement Check"
MOST = 50
COLUMNS = (
	Column("record", label("Improvement"), RECORD, ACTION),
	Column("title", label("Title"), TEXT),
	Column("state", label("State"), STATE, ACTION),
	Column("due", label("Due"), DAY),
	Column("cause", label("Cause"), TEXT),
	Column("measure", label("Measure"), TEXT),
	Column("effect", label("Effect"), STATE, CHECK),
)


def collect(period: Period) -> Section:
	"""The improvement actions that were opened in the period, or not over when it began."""
	rows = _read(period)
	if not rows:
		return nothing("improvements", label("No improvement was opened in this period, and none was under way."))
	first, after = period.moments
	effects = _effects([row.name for row in rows])
	closed = [row for row in rows if row.state == improvement.CLOSED and row.closed_on and row.closed_on < after]
	opened = [row for row in rows if row.state not in improvement.ENDED or (row.closed_on and row.closed_on >= after)]
	as_of = min(period.span.last, site_time.site_now().date())
	overdue = [row for row in opened if row.due_date and getdate(row.due_date) < as_of]
	named = [row for row in rows if row.source_doctype != COMPLAINT]
	hidden = len(rows) - len(named)
	return Section(
		"improvements",
		figures=(
			number("opened", label("Opened"), ACTION, [row for row in rows if row.creation >= first]),
			number("closed", label("Closed"), ACTION, closed),
			number("open", label("Open at the End"), ACTION, opened),
			number("overdue", label("Overdue"), ACTION, overdue),
			number("effective", label("Found effective"), ACTION, [row for row in rows if effects.get(row.name) == improvement.EFFECTIVE]),
			number("not_effective", label("Found not effective"), ACTION, [row for row in rows if effects.get(row.name) == improvement.NOT_EFFECTIVE]),
		),
		tables=tuple(table for table in (_table(named, effects),) if table.rows),
		notes=(said(label("{0} that came of complaints are counted and not named."), typed("number", hidden)),) if hidden else (),
	)


def _read(period: Period) -> list[Any]:
	first, after = period.moments
	fields = ["title", "state", "due_date", "closed_on", "cause", "source_doctype", "creation"]
	rows = read(ACTION, {"agreement": ["in", list(period.names)], "creation": ["<", after], "state": ["!=", improvement.WITHDRAWN]}, fields, "creation, name")
	rows = [row for row in rows if row.creation >= first or not row.closed_on or row.closed_on >= first]
	hidden = confidential.left_out((ACTION, row.name) for row in rows)
	return [row for row in rows if (ACTION, row.name) not in hidden]


def _effects(names: list[str]) -> dict[str, str]:
	"""Action -> what its last check found."""
	rows = frappe.get_all(CHECK, {"parenttype": ACTION, "parent": ["in", names]}, ["parent", "result"], order_by="checked_on, idx", limit_page_length=0)
	return {row.parent: row.result for row in rows}


def _table(rows: list[Any], effects: dict[str, str]) -> Table:
	measures = misses.measures([row.name for row in rows[:MOST]])
	shown = [
		{
			"record": row.name,
			"title": row.title,
			"state": row.state,
			"due": day_text(row.due_date),
			"cause": row.cause,
			"measure": "; ".join(measures.get(row.name, ())) or None,
			"effect": effects.get(row.name),
		}
		for row in rows[:MOST]
	]
	return Table("improvements", label("Improvements"), COLUMNS, tuple(shown), cut=max(0, len(rows) - MOST))
