"""Satisfaction in figures, by whatever it is seen by (5.4.c, 8.3.a.4, 8.4.a.3, 8.5.a.3, 8.6.a.3).

Answers count by the day they were given, surveys that were sent by the day they were sent; both days are included. What
is held back, and what the reader may not read, is counted nowhere. Anonymous answers have no record, object and
engineer, and stand under "not set" there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint, flt, getdate

from ops_delivery.domain import survey as domain
from ops_delivery.services.clocks import figures
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared import site_time
from ops_delivery.services.shared import spreadsheet_cells as cells
from ops_delivery.services.shared.locale import text
from ops_delivery.services.surveys import templates as survey_templates

RESPONSE, ANSWER, SURVEY = "Survey Response", "Survey Answer", "Service Survey"
MONTHS = 12
DIMENSIONS = ("customer", "agreement", "service_object", "engineer", "service_content", "template", "month")
OF_RECORD = {name: name for name in DIMENSIONS if name != "month"}
SENT = ("Asked", "Answered", "Expired")


@dataclass(frozen=True)
class Scope:
	"""What is counted; None means any."""

	from_date: date
	to_date: date
	customer: str | None = None
	agreement: str | list[str] | None = None
	service_object: str | None = None
	engineer: str | None = None
	service_content: str | None = None
	template: str | None = None

	@classmethod
	def of(cls, filters: Mapping[str, Any] | None) -> Scope:
		"""From a report's filters; the last twelve months (whole ones, this one too) where no period is given."""
		known = {f.name: (filters or {}).get(f.name) or None for f in fields(cls)}
		last = getdate(known["to_date"]) if known["to_date"] else site_time.site_now().date()
		first = getdate(known["from_date"]) if known["from_date"] else figures.months_before(last, MONTHS - 1)
		if first > last:
			frappe.throw(
				_(
					"The period ends ({0}) before it begins ({1}). Set From Date to the earlier of the two."
				).format(frappe.format(last, "Date"), frappe.format(first, "Date")),
				title=_("Period reversed"),
			)
		return cls(**{**known, "from_date": first, "to_date": last})

	def before(self) -> Scope:
		"""The period of the same length that ended the day before this one."""
		length = self.to_date - self.from_date
		last = self.from_date - timedelta(days=1)
		return Scope(**{**self.__dict__, "from_date": last - length, "to_date": last})


@dataclass
class Group:
	"""What fell to one value of a dimension."""

	scores: list[float]
	asked: int = 0
	answered: int = 0
	low: int = 0
	fewest: int = 0
	kept: int = 0  # answers to questions of conduct that say it was right
	conduct: int = 0  # answers to questions of conduct

	@property
	def figures(self) -> domain.Figures:
		return domain.figures(self.scores, self.fewest)

	@property
	def response_rate(self) -> float | None:
		return domain.rate(self.answered, self.asked)

	@property
	def conduct_rate(self) -> float | None:
		return domain.rate(self.kept, self.conduct)


def by(dimension: str, scope: Scope) -> dict[str, Group]:
	"""The groups of a dimension ("" where it is not set), in three queries whatever their number."""
	found: dict[str, Group] = defaultdict(lambda: Group([]))
	for row in responses(scope):
		_add(found[_key(row, dimension)], row)
	for row in _conduct(scope):
		group = found[_key(row, dimension)]
		group.conduct += 1
		group.kept += row.points >= domain.FULL / 2
	for row in _sent(scope):
		group = found[_key(row, dimension)]
		group.asked += row.number
		group.answered += row.number if row.state == "Answered" else 0
	return dict(found)


def whole(scope: Scope) -> Group:
	"""Everything in the scope as one group."""
	total = Group([])
	for group in by("template", scope).values():
		total.scores += group.scores
		for name in ("asked", "answered", "low", "kept", "conduct"):
			setattr(total, name, getattr(total, name) + getattr(group, name))
		total.fewest = max(total.fewest, group.fewest)
	return total


def responses(scope: Scope) -> list[frappe._dict]:
	"""The answer sheets in the scope, as rows."""
	table = DocType(RESPONSE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.score, table.scored, table.low, table.answered_on, table.fewest_answers)
		.select(*(table[name] for name in OF_RECORD))
		.where(_counted(table, scope))
		.where(_equals(table, scope))
		.orderby(table.answered_on)
		.orderby(table.name)
	).run(as_dict=True)
	readership.withhold(RESPONSE, rows, {**OF_RECORD, "score": "score", "scored": "score", "low": "score"})
	return rows


def questions(scope: Scope) -> list[frappe._dict]:
	"""Each question that was asked, with the points of its answers: {template, key, text, type, conduct, points,
	texts}. Texts (comments) come newest first."""
	answer, table = DocType(ANSWER), DocType(RESPONSE)
	rows = (
		frappe.qb.from_(answer)
		.join(table)
		.on(table.name == answer.response)
		.select(answer.question_key, answer.question, answer.question_zh, answer.answer_type, answer.answer)
		.select(
			answer.scored, answer.points, answer.conduct, answer.place, table.template, table.fewest_answers
		)
		.select(table.anonymous, table.answered_on)
		.where(_counted(table, scope))
		.where(_equals(table, scope))
		.orderby(table.template)
		.orderby(answer.place)
		.orderby(table.answered_on, order=frappe.qb.desc)
		.orderby(answer.name)
	).run(as_dict=True)
	readership.withhold(ANSWER, rows, {"answer": "answer", "points": "points", "scored": "points"})
	found: dict[tuple[str, str], frappe._dict] = {}
	for row in rows:
		entry = found.setdefault(
			(row.template, row.question_key),
			frappe._dict(
				template=row.template,
				key=row.question_key,
				text=survey_templates.in_language(row.question, row.question_zh),
				type=row.answer_type,
				conduct=bool(row.conduct),
				fewest=0,
				points=[],
				texts=[],
			),
		)
		entry.fewest = max(entry.fewest, cint(row.fewest_answers))
		if row.scored:
			entry.points.append(flt(row.points))
		if row.answer_type == domain.TEXT:
			entry.texts.append(cells.written(text(row.answer)))
	return list(found.values())


def _add(group: Group, row: frappe._dict) -> None:
	if row.scored:
		group.scores.append(flt(row.score))
	group.low += cint(row.low)
	group.fewest = max(group.fewest, cint(row.fewest_answers))


def _conduct(scope: Scope) -> Iterable[frappe._dict]:
	answer, table = DocType(ANSWER), DocType(RESPONSE)
	rows = (
		frappe.qb.from_(answer)
		.join(table)
		.on(table.name == answer.response)
		.select(answer.points, table.answered_on, *(table[name] for name in OF_RECORD))
		.where(_counted(table, scope) & (answer.conduct == 1) & (answer.scored == 1))
		.where(_equals(table, scope))
		.orderby(answer.name)
	).run(as_dict=True)
	readership.withhold(RESPONSE, rows, OF_RECORD)
	return [] if "points" in readership.withheld(ANSWER) else rows


def _sent(scope: Scope) -> Iterable[frappe._dict]:
	"""Surveys sent, counted by state and all dimensions."""
	table = DocType(SURVEY)
	month = frappe.query_builder.CustomFunction("DATE_FORMAT", ["date", "format"])(table.asked_on, "%Y-%m")
	columns = [table[name] for name in OF_RECORD]
	start = datetime.combine(scope.from_date, time.min)
	end = datetime.combine(scope.to_date + timedelta(days=1), time.min)
	rows = (
		frappe.qb.from_(table)
		.select(*columns, month.as_("month"), table.state, Count("*").as_("number"))
		.where((table.asked_on >= start) & (table.asked_on < end) & table.state.isin(SENT))
		.where(_equals(table, scope))
		.where(figures.permitted(SURVEY))
		.groupby(*columns, month, table.state)
		.orderby(month)
	).run(as_dict=True)
	readership.withhold(SURVEY, rows, OF_RECORD)
	return rows


def _counted(table, scope: Scope) -> Criterion:
	return table.answered_on[scope.from_date : scope.to_date] & figures.permitted(RESPONSE)


def _equals(table, scope: Scope) -> Criterion:
	wanted = {f.name: getattr(scope, f.name) for f in fields(scope) if f.name in DIMENSIONS}
	return Criterion.all(
		[
			table[name].isin(value) if isinstance(value, list) else table[name] == value
			for name, value in wanted.items()
			if value
		]
	)


def _key(row: frappe._dict, dimension: str) -> str:
	if dimension == "month":
		return row.month or row.answered_on.strftime("%Y-%m")
	return row[dimension] or ""
