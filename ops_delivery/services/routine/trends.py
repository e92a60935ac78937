"""The course of a number of an object: its readings, or what the database counts of each day, and a forecast (8.3.b.3).

A short course is shown reading by reading; a long one by its days, which are counted when readings are written (reading_days), so
a metric that is read every ten minutes for years costs as little to show as one that is read on rounds. Days are those of the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html
from pypika.terms import Criterion

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine import trend, trend_days
from ops_delivery.domain.routine.normal_state import Limits
from ops_delivery.domain.routine.trend import Forecast, Reading
from ops_delivery.domain.routine.trend_days import Span
from ops_delivery.services.clocks.figures import permitted
from ops_delivery.services.routine import criteria, reading_days
from ops_delivery.services.routine.manuals import DOCTYPE as MANUAL
from ops_delivery.services.routine.object_overview import OBJECT, check_readable
from ops_delivery.services.routine.object_states import READING, STATE
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import site_time

BUCKETS = (trend_days.ALL, "day", "week", "month")
SPANS = (30, 90, 365, 730, 0)  # days; 0: all there is
MOST_READ = 2000  # readings of which each is looked at for the forecast; of more, the means of their days
MOST_FINDINGS = 100
MOST_DAYS = 36_600  # a hundred years, before which nothing was read
ABNORMAL = ("abnormal_roles", "abnormal_method", "abnormal_flow", "abnormal_end")


class NoSuchMetric(frappe.ValidationError):
	"""Of this step nothing was read on this object."""


class Course(NamedTuple):
	"""The course of a metric. `step`: its Object State row, with the limits that hold now; `since`: the first day of the span.

	`points`: single readings, where they are few (rows of Routine Reading); `spans`: what is shown otherwise, by `bucket`.
	`of_days`: whether the forecast is made of daily means. `abnormal`: what the manual says of abnormal states.
	"""

	thing: Any
	step: frappe._dict
	limits: Limits
	since: date
	until: date
	bucket: str
	asked: str
	count: int
	points: list[frappe._dict]
	spans: list[Span]
	findings: list[frappe._dict]
	found: int
	forecast: Forecast
	of_days: bool
	abnormal: list[tuple[str, str]]


def course(service_object: str, step_key: str, days: int = 365, bucket: str = "") -> Course:
	"""The course of a step of an object. NoSuchMetric; frappe.PermissionError, also where there is no such object.

	`days`: the span, until today; `bucket`: one of BUCKETS, "" for the finest that can be shown.
	"""
	check_readable()
	thing = frappe.get_doc(OBJECT, service_object)
	thing.check_permission("read")
	step = _step(thing, step_key)
	until = site_time.site_now().date()
	since = until - timedelta(days=min(days, MOST_DAYS) - 1) if days else None
	by_day = _days(thing, step_key, since)
	count = sum(one.count for one in by_day)
	since = since or (by_day[0].first if by_day else until)
	fitting = trend_days.fitting(count, (until - since).days + 1)
	shown = bucket if bucket in BUCKETS else fitting
	if shown == trend_days.ALL and count > trend_days.MOST_POINTS:
		shown = fitting
	of_days = count > MOST_READ
	rows = [] if of_days else _readings(thing, step_key, since)
	marked = sum(one.at_risk + one.abnormal for one in by_day)
	limits, abnormal = _manual(step)
	return Course(
		thing=thing,
		step=step,
		limits=limits,
		since=since,
		until=until,
		bucket=shown,
		asked=bucket,
		count=count,
		points=rows if shown == trend_days.ALL else [],
		spans=[] if shown == trend_days.ALL else trend_days.fold(by_day, shown),
		findings=_findings(thing, step_key, by_day) if marked else [],
		found=marked,
		forecast=trend.forecast(_means(by_day) if of_days else [Reading(instant(row.read_on), row.number) for row in rows]),
		of_days=of_days,
		abnormal=abnormal,
	)


def metrics(service_object: str) -> list[frappe._dict]:
	"""The numbers that are read on an object: {step_key, step, unit}, for who may read it."""
	state = frappe.qb.DocType(STATE)
	query = frappe.qb.from_(state).select(state.step_key, state.step, state.unit).orderby(state.step)
	return query.where((state.service_object == service_object) & (state.is_number == 1) & permitted(STATE)).run(as_dict=True)


def instant(stored: datetime) -> datetime:
	"""When a reading was taken."""
	found = site_time.to_utc(stored)
	assert found
	return found


def _step(thing: Any, step_key: str) -> frappe._dict:
	fields = ["step_key", "step", "unit", "manual", "value", "verdict", "since", "read_on", "is_number"]
	step = frappe.db.get_value(STATE, {"service_object": thing.name, "step_key": step_key, "customer": thing.customer}, fields, as_dict=True)
	if not step:
		frappe.throw(
			_("Nothing was read of this step on {0} yet. Open the object and choose one of its steps.").format(
				frappe.bold(escape_html(cstr(thing.object_name)))
			),
			NoSuchMetric,
		)
	return step


def _series(thing: Any, step_key: str, since: date | None) -> Any:
	"""(table, query) of the numbers of a series, by the index ops_course."""
	reading = frappe.qb.DocType(READING)
	query = frappe.qb.from_(reading).where(
		(reading.service_object == thing.name) & (reading.step_key == step_key) & (reading.is_number == 1)
	)
	if since:
		query = query.where(reading.read_on >= datetime.combine(since, time.min))
	return reading, query.where((reading.customer == thing.customer) & permitted(READING))


def _days(thing: Any, step_key: str, since: date | None) -> list[Span]:
	"""The days of a series as they were counted when its readings were written: some hundred rows of a million readings."""
	day = frappe.qb.DocType(reading_days.DAY)
	query = frappe.qb.from_(day).select(day.day, *[day[name] for name in reading_days.COUNTED]).orderby(day.day)
	query = query.where((day.service_object == thing.name) & (day.step_key == step_key) & (day.customer == thing.customer))
	if since:
		query = query.where(day.day >= since)
	return [
		Span(first, cint(count), float(least), reading_days.mean_of(count, mean, rest), float(most), cint(at_risk), cint(abnormal))
		for first, count, least, mean, rest, most, at_risk, abnormal in query.where(permitted(reading_days.DAY)).run()
	]


def _readings(thing: Any, step_key: str, since: date | None) -> list[frappe._dict]:
	reading, query = _series(thing, step_key, since)
	return query.select(reading.read_on, reading.number, reading.value, reading.verdict).orderby(reading.read_on).run(as_dict=True)


def _findings(thing: Any, step_key: str, by_day: Sequence[Span]) -> list[frappe._dict]:
	"""The newest readings that were at risk or abnormal; looked for on days alone that have some, as many as are needed."""
	held, days = 0, []
	for one in reversed(by_day):
		if one.at_risk or one.abnormal:
			days.append(one.first)
			held += one.at_risk + one.abnormal
		if held >= MOST_FINDINGS:
			break
	reading, query = _series(thing, step_key, days[-1])
	parts = [reading.read_on[datetime.combine(day, time.min) : datetime.combine(day, time.max)] for day in days]
	# by the index alone first: among the days' many readings only these few are looked up
	names = (
		query.where(Criterion.any(parts))
		.select(reading.name)
		.where(reading.verdict.isin([criteria.AT_RISK, criteria.ABNORMAL]))
		.orderby(reading.read_on, order=frappe.qb.desc)
		.limit(MOST_FINDINGS)
	).run(pluck=True)
	return (
		frappe.qb.from_(reading)
		.select(reading.read_on, reading.value, reading.number, reading.verdict, reading.note, reading.task)
		.where(reading.name.isin(names or [""]))
		.orderby(reading.read_on, order=frappe.qb.desc)
	).run(as_dict=True)


def _means(by_day: Sequence[Span]) -> list[Reading]:
	return [Reading(noon(one.first), one.mean) for one in by_day]


def noon(day: date) -> datetime:
	"""Where the readings of a day are put on a line of time."""
	return instant(datetime.combine(day, time(12)))


def _manual(step: frappe._dict) -> tuple[Limits, list[tuple[str, str]]]:
	"""The limits of a step by the manual that is published now, and what it says of abnormal states; none where it has the step
	no more."""
	version = frappe.db.get_value(MANUAL, step.manual, "published_version") if step.manual else None
	content = versions.content(version)["fields"] if version else {}
	row = next((row for row in content.get("steps", ()) if row.get("step_key") == step.step_key), None)
	try:
		limits = criteria.step_of(frappe._dict(row)).limits if row else Limits()
	except DomainError:  # an old content, read by another number format than it was written by
		limits = Limits()
	meta = frappe.get_meta(MANUAL)
	said = [
		(_(meta.get_label(name), context=MANUAL), cstr(content[name])) for name in ABNORMAL if row and content.get(name)
	]
	return limits, said
