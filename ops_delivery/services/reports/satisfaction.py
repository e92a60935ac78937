"""The section of satisfaction: what customers answered to surveys, and to results that were offered to them (5.4.c, 8.3.a.4, 8.4.a.3).

A mean of fewer answers than its survey demands is not told, as it would tell what one person said; nor is a single answer's text ever here.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.domain import survey as domain
from ops_delivery.domain.service_report.model import (
	NUMBER,
	PERCENT,
	STATE,
	Column,
	Figure,
	Section,
	Sources,
	Table,
	label,
	said,
)
from ops_delivery.services.clocks import figures as clock_figures
from ops_delivery.services.reports.lists import nothing
from ops_delivery.services.reports.period import Period
from ops_delivery.services.surveys import figures
from ops_delivery.services.surveys.figures import Group

RESPONSE, SURVEY = "Survey Response", "Service Survey"
CONTENTS = (
	Column("content", label("Service Content"), STATE, "Service Agreement Scope"),
	Column("asked", label("Asked"), NUMBER),
	Column("answers", label("Answers"), NUMBER),
	Column("mean", label("Satisfaction, 0 to 100"), NUMBER),
	Column("low", label("Low Ones"), NUMBER),
)


def group(period: Period, span: Any) -> Group:
	"""All answers of a span."""
	return figures.whole(_scope(period, span))


def mean(one: Group) -> float | None:
	"""The mean, or None where there are fewer answers than the survey demands."""
	return one.figures.mean if len(one.scores) >= max(1, one.fewest) else None


def collect(period: Period) -> Section:
	"""Answers by the day they were given, surveys by the day they were sent."""
	now = group(period, period.span)
	answers = clock_figures.acceptances(period.scope)
	if not now.asked and not now.scores and not any(answers.values()):
		return nothing("satisfaction", label("No survey was sent or answered in this period, and no result was offered for acceptance."))
	then = group(period, period.before) if period.before else None
	return Section(
		"satisfaction",
		figures=(*_figures(period, now, then), *_acceptances(answers)),
		tables=tuple(table for table in (_contents(period),) if table.rows),
		notes=(said(label("There were too few answers to tell the mean.")),) if now.scores and mean(now) is None else (),
	)


def _scope(period: Period, span: Any) -> figures.Scope:
	return figures.Scope(span.first, span.last, agreement=list(period.names))


def _figures(period: Period, now: Group, then: Group | None) -> tuple[Figure, ...]:
	days = ["between", [str(period.span.first), str(period.span.last)]]
	responses = Sources(RESPONSE, filters={"agreement": ["in", list(period.names)], "answered_on": days}, count=len(now.scores))
	sent = Sources(SURVEY, filters={"agreement": ["in", list(period.names)], "asked_on": days, "state": ["in", list(figures.SENT)]}, count=now.asked)
	return (
		Figure("satisfaction", label("Satisfaction, 0 to 100"), mean(now), NUMBER, then and mean(then), bool(now.scores) and now.figures.meaning == domain.TOO_FEW, responses),
		Figure("answers", label("Answers"), len(now.scores), NUMBER, then and len(then.scores), sources=responses),
		Figure("asked", label("Asked"), now.asked, NUMBER, then and then.asked, sources=sent),
		Figure("response_rate", label("Answered, of those asked"), _percent(now.response_rate), PERCENT, then and _percent(then.response_rate), sources=sent),
		Figure("low", label("Low answers"), now.low if mean(now) is not None else None, NUMBER, sources=responses),
	)


def _acceptances(answers: dict[str, int]) -> tuple[Figure, ...]:
	texts = {
		"Accepted": label("Results accepted"),
		"Accepted with Reservations": label("Accepted with reservations"),
		"Deemed Accepted": label("Accepted by silence"),
		"Rejected": label("Results rejected"),
	}
	offered = Figure("offered", label("Results offered for acceptance"), sum(answers.values()))
	return (offered, *(Figure(state.lower().replace(" ", "_"), text, answers.get(state, 0)) for state, text in texts.items())) if offered.value else ()


def _contents(period: Period) -> Table:
	groups = figures.by("service_content", _scope(period, period.span))
	rows = [
		{"content": name or None, "asked": one.asked, "answers": len(one.scores), "mean": mean(one), "low": one.low if mean(one) is not None else None}
		for name, one in sorted(groups.items())
	]
	return Table("contents", label("By service content"), CONTENTS, tuple(rows))


def _percent(share: float | None) -> float | None:
	return None if share is None else 100 * share
