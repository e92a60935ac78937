"""How the key objects of a period develop: what was read of them day by day (8.3.b.3).

Key are the objects on which something was at risk or abnormal in the period, then the more important ones; a few charts, not all there is.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cint

from ops_delivery.domain.service_report.model import LINE, Chart, Series, label
from ops_delivery.services.clocks.figures import permitted
from ops_delivery.services.reports.period import Period
from ops_delivery.services.routine.object_states import STATE
from ops_delivery.services.routine.reading_days import DAY, mean_of
from ops_delivery.services.rules import priority_scales

MOST, FEWEST_DAYS = 6, 3
OBJECT = "Service Object"


def charts(period: Period) -> tuple[Chart, ...]:
	"""The means of each day of a few steps of a few objects; none of what was read on fewer than FEWEST_DAYS. Four queries."""
	chosen = _chosen(period)
	if not chosen:
		return ()
	day = frappe.qb.DocType(DAY)
	rows = (
		frappe.qb.from_(day)
		.select(day.service_object, day.step_key, day.day, day.readings, day.mean, day.rest)
		.where((day.customer == period.agreement.customer) & day.day[period.span.first : period.span.last])
		.where(day.service_object.isin([one.service_object for one in chosen]) & day.step_key.isin([one.step_key for one in chosen]))
		.where(permitted(DAY))
		.orderby(day.day)
	).run(as_dict=True)
	series: dict[tuple[str, str], list[Any]] = {}
	for row in rows:
		series.setdefault((row.service_object, row.step_key), []).append(row)
	states = _states(chosen)
	return tuple(_chart(one, series[one.service_object, one.step_key], states.get((one.service_object, one.step_key))) for one in chosen)


def _chosen(period: Period) -> list[Any]:
	day, thing = frappe.qb.DocType(DAY), frappe.qb.DocType(OBJECT)
	rows = (
		frappe.qb.from_(day)
		.join(thing)
		.on(thing.name == day.service_object)
		.select(day.service_object, day.step_key, thing.object_name, thing.importance)
		.select(Count("*").as_("days"), Sum(day.at_risk + day.abnormal).as_("bad"))
		.where((day.customer == period.agreement.customer) & day.day[period.span.first : period.span.last])
		.where(permitted(DAY))
		.groupby(day.service_object, day.step_key, thing.object_name, thing.importance)
	)
	if listed := _listed(period):
		rows = rows.where(day.service_object.isin(listed))
	ranks = {name: place for place, name in enumerate(priority_scales.levels("Service Importance"))}
	found = [row for row in rows.run(as_dict=True) if row.days >= FEWEST_DAYS]
	found.sort(key=lambda row: (-cint(row.bad), -ranks.get(row.importance, -1), -row.days, row.object_name, row.step_key))
	return found[:MOST]


def _listed(period: Period) -> list[str]:
	"""The objects that the versions in force name; none where one covers all."""
	if any(cint(doc.covers_all_objects) for doc in period.documents):
		return []
	return sorted({row.service_object for doc in period.documents for row in doc.get("objects") or ()}) or [""]


def _states(chosen: list[Any]) -> dict[tuple[str, str], Any]:
	rows = frappe.get_all(
		STATE,
		{"service_object": ["in", [one.service_object for one in chosen]], "step_key": ["in", [one.step_key for one in chosen]]},
		["service_object", "step_key", "step", "unit"],
		order_by="name",
		limit_page_length=0,
	)
	return {(row.service_object, row.step_key): row for row in rows}


def _chart(one: Any, rows: list[Any], state: Any) -> Chart:
	values = tuple(round(mean_of(row.readings, row.mean, row.rest), 3) for row in rows)
	step = (state and state.step) or one.step_key
	return Chart(
		f"{one.service_object}/{one.step_key}",
		label("{0}: {1}"),
		LINE,
		tuple(str(row.day) for row in rows),
		(Series(step, values, "Operation Manual"),),
		(state and state.unit) or "",
		arguments=(one.object_name, step),
	)
