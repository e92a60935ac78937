"""The section of on-site and remote service: visits, hours, punctuality, and what was left over (7.2, 8.4.b.1)."""

from __future__ import annotations

from typing import Any

from ops_delivery.domain import visit_figures as domain
from ops_delivery.domain.service_report.model import (
	DAY,
	HOURS,
	MINUTES,
	MOMENT,
	NUMBER,
	PERCENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
)
from ops_delivery.domain.states import LEFTOVER_SETTLED
from ops_delivery.services.reports.lists import nothing, number, read
from ops_delivery.services.reports.period import Period, day_text, moment_text
from ops_delivery.services.visits import figures
from ops_delivery.services.visits.types import KINDS, SESSION, SHEET

LEFTOVER = "Service Leftover"
MOST = 50
SUMS = (
	Column("doctype", label("Kind"), STATE, "DocType"),
	Column("visits", label("Visits"), NUMBER),
	Column("hours", label("Hours There"), HOURS),
	Column("work", label("Working Hours"), HOURS),
	Column("travel", label("Travelling Hours"), HOURS),
	Column("late", label("Late"), NUMBER),
	Column("punctual", label("On Time"), PERCENT),
	Column("first_done", label("Done at the First Visit"), PERCENT),
)
LATE = (
	Column("record", label("Visit"), RECORD),
	Column("title", label("Subject"), TEXT),
	Column("promised", label("Promised"), MOMENT),
	Column("arrived", label("Arrived"), MOMENT),
	Column("late", label("Late by"), MINUTES),
)
LEFT_OVER = (
	Column("record", label("Leftover"), RECORD, LEFTOVER),
	Column("subject", label("Subject"), TEXT),
	Column("visit", label("Visit"), TEXT),
	Column("due", label("Due"), DAY),
	Column("state", label("State"), STATE, LEFTOVER),
	Column("result", label("Result"), TEXT),
)


def rows(period: Period) -> list[figures.Row]:
	"""The visits and sessions of the period."""
	return period.once("visits", lambda: figures.rows(scope=period.scope))


def collect(period: Period) -> Section:
	"""Visits and sessions by the day of their arrival, else by that they are planned for."""
	found = rows(period)
	left = _leftovers(period, found)
	if not found and not left:
		return nothing("visits", label("There was no visit and no remote session in this period."))
	before = _on_site(figures.rows(scope=period.scope_of(period.before))) if period.before else None
	tables = (_sums(found), _late(found), _left_over(left))
	return Section(
		"visits",
		figures=_figures(found, before, left),
		tables=tuple(table for table in tables if table.rows),
		notes=() if any((row.counted.late or 0) > 0 for row in found) or not found else (said(label("Nobody came late.")),),
	)


def _on_site(found: list[figures.Row]) -> domain.Figures:
	return domain.summarize(row.counted for row in found if row.doctype == SHEET)


def _figures(found: list[figures.Row], before: domain.Figures | None, left: list[Any]) -> tuple[Figure, ...]:
	"""Hours and punctuality are those on site; what is remote stands in the table."""
	on_site = [row for row in found if row.doctype == SHEET]
	remote = [row for row in found if row.doctype != SHEET]
	whole, sources = _on_site(found), _sources(on_site)
	late = [row for row in on_site if (row.counted.late or 0) > 0]
	return (
		Figure("visits", label("Visits on site"), whole.visits, NUMBER, before and before.visits, sources=sources),
		Figure("hours", label("Hours There"), whole.on_site, HOURS, before and before.on_site, sources=sources),
		Figure("work", label("Working Hours"), whole.work, HOURS, before and before.work, sources=sources),
		Figure("travel", label("Travelling Hours"), whole.travel, HOURS, before and before.travel, sources=sources),
		Figure("late", label("Late"), whole.late, NUMBER, before and before.late, sources=_sources(late)),
		Figure("punctual", label("On Time"), _percent(whole.punctual), PERCENT, before and _percent(before.punctual), sources=sources),
		Figure("kept", label("Promised arrivals kept"), _percent(whole.attainment), PERCENT, before and _percent(before.attainment), sources=sources),
		Figure("sessions", label("Remote sessions"), len(remote), sources=_sources(remote, SESSION)),
		number("leftovers", label("Leftovers that are open"), LEFTOVER, [row for row in left if row.state not in LEFTOVER_SETTLED]),
	)


def _sources(rows: list[figures.Row], doctype: str = SHEET) -> Sources:
	return Sources.of(doctype, (row.facts.name for row in rows))


def _sums(found: list[figures.Row]) -> Table:
	groups = domain.by((row.doctype, row.counted) for row in found)
	shown = [
		{
			"doctype": doctype,
			"visits": one.visits,
			"hours": one.on_site,
			"work": one.work,
			"travel": one.travel,
			"late": one.late,
			"punctual": _percent(one.punctual),
			"first_done": _percent(one.first_done),
			"_sources": _sources([row for row in found if row.doctype == doctype], doctype),
		}
		for doctype, one in groups.items()
	]
	return Table("kinds", label("Visits and hours"), SUMS, tuple(shown))


def _late(found: list[figures.Row]) -> Table:
	late = [row for row in found if (row.counted.late or 0) > 0]
	shown = [
		{
			"record": row.facts.name,
			"doctype": row.doctype,
			"title": row.facts.title,
			"promised": moment_text(row.facts.promised_on),
			"arrived": moment_text(row.facts.arrived_on),
			"late": row.counted.late,
		}
		for row in late[:MOST]
	]
	return Table("late", label("Who came late"), LATE, tuple(shown), cut=max(0, len(late) - MOST))


def _leftovers(period: Period, found: list[figures.Row]) -> list[Any]:
	"""What the visits of the period left over; one query."""
	names = [row.facts.name for row in found]
	fields = ["subject", "state", "due_date", "result", "source_name"]
	return read(LEFTOVER, {"source_doctype": ["in", list(KINDS)], "source_name": ["in", names]}, fields, "due_date, name") if names else []


def _left_over(left: list[Any]) -> Table:
	shown = [
		{"record": row.name, "subject": row.subject, "visit": row.source_name, "due": day_text(row.due_date), "state": row.state, "result": row.result}
		for row in left[:MOST]
	]
	return Table("leftovers", label("What was left over"), LEFT_OVER, tuple(shown), cut=max(0, len(left) - MOST))


def _percent(share: float | None) -> float | None:
	return None if share is None else 100 * share
