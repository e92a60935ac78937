"""The section of the assessment by the agreement's metrics, with reward and penalty (5.2.g, 8.2.d).

What both parties confirmed, or what is being confirmed, stands as it is; else it is worked out for the report, and said so.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from ops_delivery.domain.periods import Span
from ops_delivery.domain.service_report.model import (
	DAY,
	MET,
	MISSED,
	MONEY,
	NUMBER,
	PERCENT,
	TEXT,
	VERDICT,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
	typed,
)
from ops_delivery.services.agreements import metrics
from ops_delivery.services.assessment import measuring
from ops_delivery.services.assessment.records import CONFIRMED, DOCTYPE
from ops_delivery.services.reports import promises
from ops_delivery.services.reports.lists import nothing
from ops_delivery.services.reports.period import Period
from ops_delivery.services.shared.locale import site_language

LINE = "Agreement Assessment Line"
COLUMNS = (
	Column("metric", label("Metric"), TEXT),
	Column("unit", label("Unit"), TEXT),
	Column("target", label("Agreed"), TEXT),
	Column("value", label("Value"), NUMBER),
	Column("verdict", label("Verdict"), VERDICT),
	Column("score", label("Score"), NUMBER),
	Column("weight", label("Weight"), PERCENT),
	Column("reward", label("Reward"), MONEY),
	Column("penalty", label("Penalty"), MONEY),
)


def collect(period: Period) -> Section:
	"""The assessments that touch the period, else one that is worked out of its figures."""
	kept = _kept(period)
	if kept:
		return _of_records(kept)
	doc = period.agreement
	if not doc.get("metrics"):
		return nothing("assessment", label("The agreement names no metric to be assessed by."))
	if metrics.problem(doc):
		return nothing("assessment", label("The agreement's metrics cannot be worked out yet: they are not complete."))
	result = _worked_out(period)
	if result is None:
		return nothing("assessment", label("The agreement's metrics could not be worked out for this period."))
	rows = [
		{
			"metric": line.metric.name,
			"unit": line.metric.unit,
			"target": f"{'≤' if line.metric.direction == 'At Most' else '≥'} {line.metric.target:g}",
			"value": line.value,
			"verdict": None if line.reached is None else MET if line.reached else MISSED,
			"score": line.score,
			"weight": line.metric.weight,
			"reward": line.reward,
			"penalty": line.penalty,
			"currency": doc.currency,
		}
		for line in result.lines
	]
	notes = [said(label("It is worked out for this report, and was not confirmed by both parties."))]
	if len(period.versions) > 1:
		notes.append(said(label("It is worked out by version {0} of the agreement, which rules at the end of the period."), typed(NUMBER, doc.version)))
	return Section("assessment", _figures(result, doc.currency, None), (Table("metrics", label("By metric"), COLUMNS, tuple(rows)),), notes=tuple(notes), empty=result.score is None)


def _kept(period: Period) -> list[Any]:
	"""The assessments of this agreement that touch the period, the oldest first; a confirmed one comes before a draft of the same days."""
	rows = frappe.get_list(
		DOCTYPE,
		filters={"agreement": ["in", list(period.names)], "start_date": ["<=", period.span.last], "end_date": [">=", period.span.first]},
		fields=["name", "title", "status", "start_date", "end_date", "score", "rewards", "penalties", "by_score", "amount", "currency", "note"],
		order_by="start_date, status, creation desc",
		limit_page_length=0,
	)
	found: dict[tuple[Any, Any], Any] = {}
	for row in rows:
		found.setdefault((row.start_date, row.end_date), row)
	return list(found.values())


def _of_records(kept: list[Any]) -> Section:
	lines = frappe.get_all(
		LINE,
		{"parenttype": DOCTYPE, "parent": ["in", [row.name for row in kept]]},
		["parent", "metric", "unit", "target_text", "value", "score", "weight", "reward", "penalty", "note", "currency"],
		order_by="parent, idx",
		limit_page_length=0,
	)
	tables = []
	for row in kept:
		rows = [{**line, "target": line.target_text, "verdict": _verdict(line)} for line in lines if line.parent == row.name]
		shown = tuple({**{column.key: line.get(column.key) for column in COLUMNS}, "currency": line["currency"]} for line in rows)
		tables.append(Table(row.name, label("By metric"), COLUMNS, shown))
	notes = []
	for row in kept:
		text = label("{0}, {1} to {2}: confirmed by both parties.") if row.status == CONFIRMED else label("{0}, {1} to {2}: not yet confirmed by both parties.")
		notes.append(said(text, typed("record", row.name, DOCTYPE), typed(DAY, str(getdate(row.start_date))), typed(DAY, str(getdate(row.end_date)))))
	return Section("assessment", _figures(kept[-1], kept[-1].currency, Sources.of(DOCTYPE, [row.name for row in kept[-1:]])), tuple(tables), notes=tuple(notes))


def _verdict(line: Any) -> str | None:
	"""By what was agreed and measured: the line's own note is in the language of who saved it."""
	sign, _space, number = (line.target_text or "").partition(" ")
	if sign not in ("≤", "≥") or (not line.value and not line.score and line.note not in _missed()):
		return None  # a line without a value is kept with 0
	try:
		target = float(number)
	except ValueError:
		return None
	return MET if (line.value <= target + 1e-9 if sign == "≤" else line.value >= target - 1e-9) else MISSED


def _missed() -> set[str]:
	"""How a line says that it was missed, in the languages it may have been saved in."""
	return {_("Target missed", language) for language in ("en", "zh", site_language())}


def _worked_out(period: Period) -> Any:
	"""The result for the days of the period that the agreement rules; None where it cannot be told."""
	days = period.span.within(period.began, period.ended)
	if not Span(*days).days:
		return None
	said_before = list(frappe.local.message_log)
	try:
		return measuring.evaluate(period.agreement, days.first, days.last, outcomes=promises.outcomes(period))
	except frappe.ValidationError:
		frappe.local.message_log = said_before
		return None


def _figures(result: Any, currency: str | None, sources: Sources | None) -> tuple[Figure, ...]:
	money = {
		"rewards": label("Rewards"),
		"penalties": label("Penalties"),
		"amount": label("Added to the fee (below 0: taken off)"),
	}
	return (
		Figure("score", label("Score"), result.score, NUMBER, sources=sources),
		*(Figure(key, text, getattr(result, key), MONEY, sources=sources, arguments=(currency or "",)) for key, text in money.items()),
	)
