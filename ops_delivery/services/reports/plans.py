"""The sections of optimization and consulting, and of what was planned against what was done (5.3.a, 6.4, 6.5, 8.5, 8.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from frappe.utils import getdate

from ops_delivery.domain import moves, optimization, planning
from ops_delivery.domain.deliverables import life
from ops_delivery.domain.service_report.model import (
	DAY,
	NUMBER,
	PERCENT,
	RECORD,
	STATE,
	TEXT,
	Column,
	Figure,
	Section,
	Table,
	label,
)
from ops_delivery.services.plans import activity_rows
from ops_delivery.services.plans.activity_rows import PLAN
from ops_delivery.services.reports import lists
from ops_delivery.services.reports.lists import nothing, number, read
from ops_delivery.services.reports.period import Period, day_text
from ops_delivery.services.shared import site_time

OPTIMIZATION, CONSULTING, REPORT, RECOMMENDATION = "Optimization Plan", "Consulting Plan", "Consulting Report", "Consulting Recommendation"
ACTIVITY, DELIVERABLE = activity_rows.ACTIVITY, "Deliverable"
MOST = 50
PLANS = (
	Column("record", label("Plan"), RECORD),
	Column("title", label("Title"), TEXT),
	Column("start", label("Start"), DAY),
	Column("end", label("End"), DAY),
	Column("status", label("State"), STATE),
	Column("result", label("Result"), TEXT),
)
RECOMMENDATIONS = (
	Column("record", label("Recommendation"), RECORD, RECOMMENDATION),
	Column("title", label("Title"), TEXT),
	Column("priority", label("Priority"), STATE, RECOMMENDATION),
	Column("decision", label("Decision"), STATE, RECOMMENDATION),
	Column("state", label("State"), STATE, RECOMMENDATION),
	Column("due", label("Due"), DAY),
)
DONE = (
	Column("record", label("Plan"), RECORD, PLAN),
	Column("title", label("Title"), TEXT),
	Column("activities", label("Activities"), NUMBER),
	Column("completed", label("Completed"), NUMBER),
	Column("late", label("Late"), NUMBER),
	Column("planned", label("Planned by Then"), PERCENT),
	Column("done", label("Done by Then"), PERCENT),
	Column("milestones_late", label("Milestones Late"), NUMBER),
)
ACTIVITIES = (
	Column("record", label("Activity"), RECORD, ACTIVITY),
	Column("subject", label("Subject"), TEXT),
	Column("start", label("Planned Start"), DAY),
	Column("end", label("Planned End"), DAY),
	Column("ended", label("Actual End"), DAY),
	Column("days", label("Days Late"), NUMBER),
	Column("state", label("State"), STATE, ACTIVITY),
)
DELIVERABLES = (
	Column("record", label("Deliverable"), RECORD, DELIVERABLE),
	Column("title", label("Title"), TEXT),
	Column("due", label("Due"), DAY),
	Column("published", label("Handed Over"), DAY),
	Column("days", label("Days Late"), NUMBER),
	Column("status", label("State"), STATE, DELIVERABLE),
)


def optimization_consulting(period: Period) -> Section:
	"""The plans that were under way in the period, and the recommendations that were open in it or decided on."""
	mine = ["in", list(period.names)]
	plans = [
		row
		for row in read(OPTIMIZATION, {"agreement": mine, "status": ["not in", ["Draft", optimization.CANCELLED]]}, ["title", "status", "start_date", "end_date", "closed_on", "rolled_back_on", "goals_result", "rollback_result"], "start_date, name")
		if _touches(row.start_date, row.closed_on or row.rolled_back_on, period)
	]
	consulting = [
		row
		for row in read(CONSULTING, {"agreement": mine, "status": ["not in", ["Draft", "Cancelled"]]}, ["title", "status", "start_date", "end_date"], "start_date, name")
		if _touches(row.start_date, row.end_date if row.status == "Completed" else None, period)
	]
	reports = read(REPORT, {"agreement": mine, "status": ["in", ["Issued", "Followed Up"]]}, ["title", "issued_on"])
	issued = [row for row in reports if row.issued_on and period.span.first <= getdate(row.issued_on) <= period.span.last]
	advice = _recommendations(period, [row.name for row in reports])
	if not (plans or consulting or issued or advice):
		return nothing("optimization_consulting", label("No optimization and no consulting was under way in this period."))
	today = site_time.site_now().date()
	tables = (_plans(plans, consulting), _advice(advice))
	return Section(
		"optimization_consulting",
		figures=(
			number("optimization", label("Optimization plans under way"), OPTIMIZATION, plans),
			number("closed", label("Optimization plans closed"), OPTIMIZATION, [row for row in plans if row.status == optimization.CLOSED and row.closed_on and getdate(row.closed_on) <= period.span.last]),
			number("consulting", label("Consulting plans under way"), CONSULTING, consulting),
			number("reports", label("Consulting reports issued"), REPORT, issued),
			number("undecided", label("Recommendations not decided on"), RECOMMENDATION, [row for row in advice if not row.decision]),
			number("adopted", label("Recommendations adopted"), RECOMMENDATION, [row for row in advice if row.decision in moves.ADOPTED]),
			number("verified", label("Recommendations carried out and verified"), RECOMMENDATION, [row for row in advice if row.state == moves.VERIFIED]),
			number("overdue", label("Recommendations overdue"), RECOMMENDATION, [row for row in advice if _is_overdue(row, today)]),
		),
		tables=tuple(table for table in tables if table.rows),
	)


def undecided(period: Period) -> list[Any]:
	"""The recommendations of issued reports on which the customer has not decided."""
	reports = read(REPORT, {"agreement": ["in", list(period.names)], "status": ["in", ["Issued", "Followed Up"]]}, [])
	names = [row.name for row in reports]
	return read(RECOMMENDATION, {"report": ["in", names], "state": moves.PROPOSED}, ["title", "due_date"], "due_date, name") if names else []


def against_actual(period: Period) -> Section:
	"""The delivery plans as of the end of the period, what of them was to be done in it, and the deliverables that were due in it."""
	mine = ["in", list(period.names)]
	as_of = min(period.span.last, site_time.site_now().date())
	plans = [
		row
		for row in read(PLAN, {"agreement": mine, "status": ["in", ["Approved", "In Progress", "Completed"]]}, ["title", "start_date", "end_date"], "start_date, name")
		if row.start_date and getdate(row.start_date) <= period.span.last and (not row.end_date or getdate(row.end_date) >= period.span.first)
	]
	activities = _activities([row.name for row in plans], period)
	due = read(DELIVERABLE, {"agreement": mine, "due_date": ["between", [str(period.span.first), str(period.span.last)]], "status": ["!=", life.CANCELLED]}, ["title", "due_date", "published_on", "status", "timeliness", *lists.HOW_OPEN], "due_date, name")
	due = lists.for_all_of_the_customer(due)
	if not plans and not due:
		return nothing("plan_against_actual", label("There is no delivery plan for this period, and no deliverable was due in it."))
	late = [row for row in activities if row.days]
	tables = (_done(plans, as_of), _late_activities(late), _deliverables(due))
	return Section(
		"plan_against_actual",
		figures=(
			number("due", label("Activities to be done in the period"), ACTIVITY, activities),
			number("done", label("Of them done"), ACTIVITY, [row for row in activities if row.state == planning.COMPLETED]),
			number("late", label("Of them late"), ACTIVITY, late),
			number("deliverables", label("Deliverables due"), DELIVERABLE, due),
			number("on_time", label("Delivered on time"), DELIVERABLE, [row for row in due if row.timeliness == life.ON_TIME]),
			number("not_on_time", label("Delivered late, or overdue"), DELIVERABLE, [row for row in due if _days_late(row)]),
		),
		tables=tuple(table for table in tables if table.rows),
	)


def _touches(start: Any, end: Any, period: Period) -> bool:
	return bool(start) and getdate(start) <= period.span.last and (not end or getdate(end) >= period.span.first)


def _recommendations(period: Period, reports: list[str]) -> list[Any]:
	fields = ["title", "priority", "decision", "state", "due_date", "decided_on", "verified_on"]
	rows = read(RECOMMENDATION, {"report": ["in", reports]}, fields, "due_date, name") if reports else []
	over = (moves.VERIFIED, moves.DROPPED)
	return [row for row in rows if row.state not in over or getdate(row.verified_on or row.decided_on or date.min) >= period.span.first]


def _is_overdue(row: Any, today: date) -> bool:
	return bool(row.due_date) and getdate(row.due_date) < today and row.state not in (moves.DONE, moves.VERIFIED, moves.DROPPED)


def _plans(plans: list[Any], consulting: list[Any]) -> Table:
	rows = [
		{"record": row.name, "doctype": doctype, "title": row.title, "start": day_text(row.start_date), "end": day_text(row.end_date), "status": row.status, "result": row.get("goals_result") or row.get("rollback_result")}
		for doctype, those in ((OPTIMIZATION, plans), (CONSULTING, consulting))
		for row in those
	]
	return Table("plans", label("Plans under way"), PLANS, tuple(rows[:MOST]), cut=max(0, len(rows) - MOST))


def _advice(advice: list[Any]) -> Table:
	rows = [
		{"record": row.name, "title": row.title, "priority": row.priority, "decision": row.decision or None, "state": row.state, "due": day_text(row.due_date)}
		for row in advice[:MOST]
	]
	return Table("recommendations", label("Recommendations"), RECOMMENDATIONS, tuple(rows), cut=max(0, len(advice) - MOST))


def _activities(plans: list[str], period: Period) -> list[Any]:
	"""The activities whose planned end falls into the period, with how many days each is late; one query."""
	today = site_time.site_now().date()
	filters = {"plan": ["in", plans], "planned_end": ["between", [str(period.span.first), str(period.span.last)]], "state": ["!=", planning.CANCELLED]}
	fields = [*(field for field in activity_rows.FIELDS if field not in ("name", "budget_cost", "actual_cost"))]
	rows = read(ACTIVITY, filters, fields, "planned_end, name") if plans else []
	for row in rows:
		found = planning.standing(activity_rows.as_activity(row), today)
		row.days = found.days if found.is_late else 0
	return rows


def _done(plans: list[Any], as_of: date) -> Table:
	activities = activity_rows.read_many([row.name for row in plans]) if plans else {}
	rows = []
	for row in plans:
		found = planning.progress(activities.get(row.name, []), as_of)
		rows.append(
			{
				"record": row.name,
				"title": row.title,
				**{name: getattr(found, name) for name in ("activities", "completed", "late", "milestones_late")},
				"planned": 100 * found.planned,
				"done": 100 * found.earned,
			}
		)
	return Table("plans", label("Delivery plans at the end of the period"), DONE, tuple(rows[:MOST]), cut=max(0, len(rows) - MOST))


def _late_activities(late: list[Any]) -> Table:
	rows = [
		{"record": row.name, "subject": row.subject, "start": day_text(row.planned_start), "end": day_text(row.planned_end), "ended": day_text(row.actual_end), "days": row.days, "state": row.state}
		for row in late[:MOST]
	]
	return Table("activities", label("Activities that were late"), ACTIVITIES, tuple(rows), cut=max(0, len(late) - MOST))


def _deliverables(due: list[Any]) -> Table:
	rows = [
		{"record": row.name, "title": row.title, "due": day_text(row.due_date), "published": day_text(row.published_on), "days": _days_late(row), "status": row.status}
		for row in due[:MOST]
	]
	return Table("deliverables", label("Deliverables that were due"), DELIVERABLES, tuple(rows), cut=max(0, len(due) - MOST))


def _days_late(row: Any) -> int:
	published = getdate(row.published_on) if row.published_on else None
	return life.days_late(getdate(row.due_date), published, site_time.site_now().date())
