"""The section of routine operation: what was planned and done, what was found, and how key objects develop (6.2, 8.3.b.3, 8.3.b.5)."""

from __future__ import annotations

from typing import Any

from ops_delivery.domain.service_report.model import (
	MOMENT,
	NUMBER,
	PERCENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Figure,
	Said,
	Section,
	Sources,
	Table,
	label,
	said,
)
from ops_delivery.services.reports import routine_trends
from ops_delivery.services.reports.lists import number, read
from ops_delivery.services.reports.period import Period, moment_text
from ops_delivery.services.shared import site_time

TASK, FINDING, KIND = "Routine Task", "Routine Finding", "Routine Kind"
MOST = 50
KINDS = (
	Column("kind", label("Kind"), STATE, KIND),
	Column("planned", label("Planned"), NUMBER),
	Column("done", label("Carried Out"), NUMBER),
	Column("late", label("Done Late"), NUMBER),
	Column("missed", label("Not Carried Out"), NUMBER),
	Column("open", label("Still Open"), NUMBER),
	Column("share", label("Done in Time"), PERCENT),
)
FINDINGS = (
	Column("record", label("Finding"), RECORD, FINDING),
	Column("title", label("Subject"), TEXT),
	Column("verdict", label("Judged as"), STATE, "Routine Reading"),
	Column("value", label("Value"), TEXT),
	Column("found", label("Found"), MOMENT),
	Column("status", label("State"), STATE, FINDING),
	Column("done", label("What Was Done"), TEXT),
	Column("issue", label("Request"), RECORD, "Issue"),
)


def tasks(period: Period, span: Any) -> list[Any]:
	"""The tasks that were planned for days of a span, without those that were cancelled; one query."""
	return read(TASK, listed(period, span, ["!=", "Cancelled"]), ["kind", "status", "timeliness", "result", "planned_on", "due_on", "title", "done_on"], "planned_on, name")


def listed(period: Period, span: Any, status: Any, **more: Any) -> dict[str, Any]:
	"""The list of tasks of a span in a state."""
	days = ["between", [str(span.first), str(span.last)]]
	return {"agreement": ["in", list(period.names)], "planned_on": days, "status": status, **more}


def collect(period: Period) -> Section:
	"""Tasks by the day they are planned for, findings by the moment they were first found, trends of the objects that were read."""
	rows = period.once("tasks", lambda: tasks(period, period.span))
	before = tasks(period, period.before) if period.before else None
	found = _findings(period)
	charts = routine_trends.charts(period)
	return Section(
		"routine",
		figures=(*_figures(period, rows, before), *_finding_figures(found, period)) if rows or found else (),
		tables=tuple(table for table in (_kinds(rows), _finding_table(found)) if table.rows),
		charts=charts,
		notes=_notes(rows, found, charts),
		empty=not rows and not found and not charts,
	)


def groups(rows: list[Any]) -> dict[str, list[Any]]:
	"""Tasks by what came of them: done, late (done after their day), missed (or not begun by their day), open."""
	today = site_time.site_now().date()
	found: dict[str, list[Any]] = {"done": [], "late": [], "missed": [], "open": []}
	for row in rows:
		if row.status == "Done":
			found["done"].append(row)
			if row.timeliness == "Late":
				found["late"].append(row)
		elif row.status == "Missed" or (row.due_on and row.due_on < today):
			found["missed"].append(row)
		else:
			found["open"].append(row)
	return found


def share_in_time(found: dict[str, list[Any]]) -> float | None:
	"""The share of tasks done in time among those whose day has come, in percent."""
	settled = len(found["done"]) + len(found["missed"])
	return 100 * (len(found["done"]) - len(found["late"])) / settled if settled else None


def _figures(period: Period, rows: list[Any], before: list[Any] | None) -> tuple[Figure, ...]:
	now, then = groups(rows), groups(before) if before is not None else None

	def previous(name: str) -> int | None:
		return len(then[name]) if then else None

	return (
		number("planned", label("Planned"), TASK, rows, len(before) if before is not None else None, listed(period, period.span, ["!=", "Cancelled"])),
		number("done", label("Carried Out"), TASK, now["done"], previous("done"), listed(period, period.span, "Done")),
		number("late", label("Done Late"), TASK, now["late"], previous("late"), listed(period, period.span, "Done", timeliness="Late")),
		number("missed", label("Not Carried Out"), TASK, now["missed"], previous("missed")),
		number("open", label("Still Open"), TASK, now["open"]),
		Figure("share", label("Done in Time"), share_in_time(now), PERCENT, share_in_time(then) if then else None, sources=Sources.of(TASK, (row.name for row in now["done"]))),
	)


def _kinds(rows: list[Any]) -> Table:
	by: dict[str, list[Any]] = {}
	for row in rows:
		by.setdefault(row.kind or "", []).append(row)
	found = []
	for kind in sorted(by):
		group = groups(by[kind])
		counts = {name: len(group[name]) for name in group}
		found.append({"kind": kind or None, "planned": len(by[kind]), **counts, "share": share_in_time(group), "_sources": Sources.of(TASK, (row.name for row in by[kind]))})
	return Table("kinds", label("Planned and done"), KINDS, tuple(found))


def _findings(period: Period) -> list[Any]:
	"""Those that were found in the period, and those from before that were not closed when it began; one query."""
	first, after = period.moments
	fields = ["title", "verdict", "status", "first_found", "closed_on", "last_value", "first_value", "what_was_done", "result", "issue"]
	rows = read(FINDING, {"agreement": ["in", list(period.names)], "first_found": ["<", after]}, fields, "first_found, name")
	return [row for row in rows if row.first_found >= first or not row.closed_on or row.closed_on >= first]


def _finding_figures(rows: list[Any], period: Period) -> tuple[Figure, ...]:
	first, after = period.moments
	return (
		number("found", label("Findings"), FINDING, [row for row in rows if row.first_found >= first]),
		number("abnormal", label("Abnormal of them"), FINDING, [row for row in rows if row.first_found >= first and row.verdict == "Abnormal"]),
		number("closed", label("Findings closed"), FINDING, [row for row in rows if row.closed_on and row.closed_on < after]),
		number("standing", label("Findings open at the end"), FINDING, [row for row in rows if not row.closed_on or row.closed_on >= after]),
	)


def _finding_table(rows: list[Any]) -> Table:
	shown = [
		{
			"record": row.name,
			"title": row.title,
			"verdict": row.verdict,
			"value": row.last_value or row.first_value,
			"found": moment_text(row.first_found),
			"status": row.status,
			"done": row.result or row.what_was_done,
			"issue": row.issue,
		}
		for row in rows[:MOST]
	]
	return Table("findings", label("What was found"), FINDINGS, tuple(shown), cut=max(0, len(rows) - MOST))


def _notes(rows: list[Any], found: list[Any], charts: Any) -> tuple[Said, ...]:
	if not rows and not found and not charts:
		return (said(label("No routine task was planned in this period.")),)
	if rows and not found:
		return (said(label("Nothing was found at risk or abnormal.")),)
	return ()
