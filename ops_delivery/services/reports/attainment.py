"""The section of what was promised and kept: its figures, sentences and trend; its tables are those of attainment_tables.py (5.3.d, 8.2.d, 8.4.b.2)."""

from __future__ import annotations

from typing import Any

from ops_delivery.domain import attainment as domain
from ops_delivery.domain.attainment import Figures, Outcome
from ops_delivery.domain.service_report import kept, spans
from ops_delivery.domain.service_report.model import (
	LINE,
	NUMBER,
	PERCENT,
	VERDICT,
	Chart,
	Figure,
	Said,
	Section,
	Series,
	Sources,
	label,
	said,
	typed,
)
from ops_delivery.services.clocks import clock_counts
from ops_delivery.services.reports import attainment_tables as tables
from ops_delivery.services.reports import confidential, misses, promises
from ops_delivery.services.reports.period import Period

CLOCK = "Service Clock"
TRENDS = 4  # lines in one chart


def collect(period: Period) -> Section:
	"""The attainment of each commitment, by its priorities and, where they followed each other, by the agreement's versions; what was
	not counted; each miss with its cause and measure; and the trend."""
	outcomes, left = promises.outcomes(period), promises.excluded(period)
	parts, course = _parts(period), _course(period)
	before = course[-2] if period.before else {}
	shown = [tables.commitments(parts, before)]
	if len(period.versions) > 1:
		shown.append(tables.versions(parts, period))
	shown.append(tables.priorities(period, outcomes))
	if left:
		shown.append(tables.excluded(left))
	if any(one.status == domain.BREACHED for one in outcomes):
		shown.append(misses.table(period))
	return Section(
		"attainment",
		figures=_figures(period, before, parts),
		tables=tuple(shown),
		charts=_charts(period, course, parts),
		notes=(*period.notes(), *_notes(period, outcomes, left)),
		empty=not outcomes and not left,
	)


def _parts(period: Period) -> tables.Parts:
	return period.once("parts", lambda: tables.parts(period, promises.outcomes(period), promises.excluded(period)))


def _course(period: Period) -> list[dict[str, Figures]]:
	"""The figures by commitment of each period of the trend, the oldest first; those before by the database."""

	def told(clock: Any) -> Any:
		return confidential.told(clock, "reference_doctype", "reference_name")

	earlier = [clock_counts.by_commitment(period.scope_of(span), told) for span in period.course[:-1]]
	return [*earlier, domain.by(promises.outcomes(period), "commitment")]


def _figures(period: Period, before: dict[str, Figures], parts: tables.Parts) -> tuple[Figure, ...]:
	outcomes, left = promises.outcomes(period), promises.excluded(period)
	whole = domain.summarize(outcomes)
	share = kept.percent(whole.attainment)
	then = [sum(getattr(one, name) for one in before.values()) for name in ("met", "breached")]
	verdicts = [part.kept.verdict for those in parts.values() for part in those]

	def sources(status: str | None = None, filters: dict[str, Any] | None = None) -> Sources:
		return Sources.of(CLOCK, (one.keys["clock"] for one in outcomes if status in (None, one.status)), filters)

	return (
		Figure(
			"attainment",
			label("Promises kept"),
			share,
			PERCENT,
			previous=100 * then[0] / sum(then) if sum(then) else None,
			too_few=0 < whole.met + whole.breached < kept.FEW,
			sources=sources(None, promises.listed(period, ["!=", "Cancelled"])),
		),
		Figure("met", label("Kept"), whole.met, NUMBER, then[0] if before else None, sources=sources(domain.MET, promises.listed(period, "Met", breached=0))),
		Figure("missed", label("Not Kept"), whole.breached, NUMBER, then[1] if before else None, sources=sources(domain.BREACHED)),
		Figure("open", label("Still Open"), whole.running, NUMBER, sources=sources(domain.RUNNING)),
		Figure("excluded", label("Not Counted"), len(left), NUMBER, sources=Sources.of(CLOCK, (row.name for row in left), promises.listed(period, "Cancelled"))),
		Figure("verdict", label("All that was agreed"), kept.together(verdicts), VERDICT),
	)


def _notes(period: Period, outcomes: list[Outcome], left: list[Any]) -> tuple[Said, ...]:
	if not outcomes and not left:
		return (said(label("No promise began in this period, so there is nothing to measure.")),)
	found = [
		said(
			label(
				"A promise falls to the period in which it began. Kept in time, or missed, is counted; what is still open and in time counts for"
				" nothing yet. Where the agreement names no share, each one is promised."
			)
		)
	]
	late = promises.decided_later(period)
	if late:
		found.append(said(label("{0} of them were decided after the end of the period and count as they stand now."), typed(NUMBER, late)))
	gone = promises.of_deleted(period)
	if gone:
		found.append(said(label("The records of {0} of them were deleted since; they count all the same."), typed(NUMBER, gone)))
	return tuple(found)


def _charts(period: Period, course: list[dict[str, Figures]], parts: tables.Parts) -> tuple[Chart, ...]:
	names = [name for name in parts if any(name in one for one in course)][:TRENDS]
	if len(course) < 2 or not names:
		return ()
	agreed = {part.kept.agreed for name in names for part in parts[name]}
	return (
		Chart(
			"attainment",
			label("Promises kept, period by period"),
			LINE,
			tuple(spans.name(span) for span in period.course),
			tuple(Series(name, tuple(kept.percent(one[name].attainment) if name in one else None for one in course), "Service Commitment") for name in names),
			PERCENT,
			agreed.pop() if len(agreed) == 1 else None,
		),
	)
