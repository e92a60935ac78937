"""The section of requests: how many, of what, how they develop, and which are not closed and why (8.4.a.1, 8.4.b.2)."""

from __future__ import annotations

from typing import Any

from ops_delivery.domain.service_report import spans, tallies
from ops_delivery.domain.service_report.model import (
	BAR,
	MOMENT,
	NUMBER,
	PERCENT,
	RECORD,
	SENTENCE,
	STATE,
	TEXT,
	Chart,
	Column,
	Figure,
	Said,
	Section,
	Series,
	Sources,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.domain.service_report.tallies import Tally
from ops_delivery.services.clocks import figures
from ops_delivery.services.reports import request_rows
from ops_delivery.services.reports.period import Period, moment_text

ISSUE = "Issue"
MOST_GROUPS, MOST_OPEN = 20, 100
NUMBERS = (
	Column("received", label("Received"), NUMBER),
	Column("share", label("Share of All Received"), PERCENT),
	Column("resolved", label("Resolved"), NUMBER),
	Column("open", label("Open at the End"), NUMBER),
)
# the tables: key, title, the row's field, and the column of what stands before the numbers
BY = (
	("kinds", label("By kind"), "category", Column("group", label("Kind"), STATE, "Issue Type")),
	("priorities", label("By priority"), "priority", Column("group", label("Priority"), STATE, "Issue Priority")),
	("channels", label("By channel"), "channel", Column("group", label("Channel"), STATE, ISSUE)),
	("objects", label("By object"), "object", Column("group", label("Object"), TEXT)),
)
PERIODS = (Column("period", label("Period Counted"), TEXT), NUMBERS[0], *NUMBERS[2:])
OPEN = (
	Column("record", label("Request"), RECORD, ISSUE),
	Column("subject", label("Subject"), TEXT),
	Column("priority", label("Priority"), STATE, "Issue Priority"),
	Column("reported", label("Reported"), MOMENT),
	Column("status", label("State"), STATE, ISSUE),
	Column("reason", label("Why It Is Not Closed"), SENTENCE),
)


def collect(period: Period) -> Section:
	"""The requests of a period: counts, distribution, trend, and those that were open at its end."""
	rows = request_rows.read(period)
	first, after = period.moments
	total = tallies.tally(rows, first, after)
	course = [*request_rows.sums(period, period.course[:-1]), {name: len(getattr(total, name)) for name in ("received", "resolved", "open")}]
	tables = [_distribution(rows, len(total.received), period, *one) for one in BY]
	tables.append(Table("course", label("Period by period"), PERIODS, tuple(_course_rows(period, course))))
	opened = set(total.open)
	tables.append(_open([row for row in rows if row.name in opened]))
	return Section(
		"requests",
		figures=_figures(period, rows, total, course),
		tables=tuple(table for table in tables if table.rows),
		charts=_charts(period, course),
		notes=_notes(period, rows, total),
		empty=not rows,
	)


def _figures(period: Period, rows: list[Any], total: Tally, course: list[dict[str, int]]) -> tuple[Figure, ...]:
	before = course[-2] if period.before else {}
	first, _after = period.moments
	reported = [row for row in rows if row.reported >= first]
	counted = figures.counted(reported)
	reopened = [row.name for row in reported if row.reopened]
	unmeasured = [row.name for row in reported if row.not_measured]
	texts = {"received": label("Received"), "resolved": label("Resolved"), "open": label("Open at the End")}
	found = [
		Figure(name, text, len(getattr(total, name)), NUMBER, before.get(name), sources=_sources(period, name, getattr(total, name)))
		for name, text in texts.items()
	]
	found += [
		Figure("valid", label("Judged valid"), counted.valid, NUMBER, sources=Sources.of(ISSUE, (row.name for row in reported if row.validity == "Valid"))),
		Figure("invalid", label("Judged not valid"), counted.invalid, NUMBER, sources=Sources.of(ISSUE, (row.name for row in reported if row.validity == "Invalid"))),
		Figure("reopened", label("Reopened"), len(reopened), NUMBER, sources=Sources.of(ISSUE, reopened)),
		Figure("reopen_rate", label("Reopened, of those offered as resolved"), None if counted.reopen_rate is None else 100 * counted.reopen_rate, PERCENT, sources=Sources.of(ISSUE, reopened)),
		Figure("not_measured", label("Without any clock"), counted.not_measured, NUMBER, sources=Sources.of(ISSUE, unmeasured)),
	]
	return tuple(found)


def _distribution(rows: list[Any], received: int, period: Period, key: str, title: str, field: str, column: Column) -> Table:
	first, after = period.moments
	groups = tallies.by(rows, lambda row: row[field] or "", first, after)
	found = [
		{
			"group": name or None,
			"received": len(group.received),
			"share": 100 * len(group.received) / received if received else None,
			"resolved": len(group.resolved),
			"open": len(group.open),
			"_sources": Sources.of(ISSUE, group.received),
		}
		for name, group in groups.items()
	]
	return Table(key, title, (column, *NUMBERS), tuple(found[:MOST_GROUPS]), cut=max(0, len(found) - MOST_GROUPS))


def _course_rows(period: Period, course: list[dict[str, int]]) -> list[dict[str, Any]]:
	return [{"period": spans.name(span), **one} for span, one in zip(period.course, course, strict=True)]


def _charts(period: Period, course: list[dict[str, int]]) -> tuple[Chart, ...]:
	if len(course) < 2:
		return ()
	names = {"received": label("Received"), "resolved": label("Resolved"), "open": label("Open at the End")}
	series = tuple(Series(text, tuple(one[name] for one in course)) for name, text in names.items())
	return (Chart("course", label("Requests, period by period"), BAR, tuple(spans.name(span) for span in period.course), series),)


def _open(rows: list[Any]) -> Table:
	found = [
		{
			"record": row.name,
			"subject": row.subject,
			"priority": row.priority,
			"reported": moment_text(row.reported),
			"status": row.status,
			"reason": _reason(row),
		}
		for row in rows[:MOST_OPEN]
	]
	return Table("open", label("Not closed at the end of the period"), OPEN, tuple(found), cut=max(0, len(rows) - MOST_OPEN))


def _reason(row: Any) -> list[Any]:
	if row.over is not None:
		text, arguments = said(label("It was resolved on {0}, after the end of the period."), typed(MOMENT, moment_text(row.over)))
	elif row.status == "On Hold" and (row.reason or "").strip():
		text, arguments = said("{0}", row.reason.strip())
	elif row.status == "Replied":
		text, arguments = said(label("It waits for the customer's answer."))
	elif row.validity == "Invalid":
		text, arguments = said(label("It was judged not to be a request, and is not closed."))
	elif not row.validity:
		text, arguments = said(label("It has not been judged yet."))
	else:
		text, arguments = said(label("It is being worked on."))
	return [text, list(arguments)]


def _notes(period: Period, rows: list[Any], total: Tally) -> tuple[Said, ...]:
	if not rows:
		return (said(label("No request was reported in this period, none was resolved, and none was open at its end.")),)
	late = sum(row.over is not None and row.over >= period.moments[1] for row in rows)
	if late:
		return (said(label("{0} of the requests that were open at the end of the period have been resolved since."), typed(NUMBER, late)),)
	return ()


def _sources(period: Period, name: str, names: list[str]) -> Sources:
	"""What was received is found by a list as well, where the days of the agreement are those of the site."""
	filters = None
	if name == "received" and period.is_in_site_zone:
		filters = {"ops_agreement": ["in", list(period.names)], "opening_date": ["between", [str(period.span.first), str(period.span.last)]]}
	return Sources.of(ISSUE, names, filters)
