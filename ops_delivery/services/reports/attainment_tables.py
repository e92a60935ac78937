"""The tables of what was promised and kept: by commitment, version and priority, and what was not counted (5.3.d, 8.4.b.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from frappe.utils import cint

from ops_delivery.domain import attainment as domain
from ops_delivery.domain.attainment import Figures, Outcome
from ops_delivery.domain.service_report import kept
from ops_delivery.domain.service_report.kept import Kept
from ops_delivery.domain.service_report.model import (
	DAY,
	MINUTES,
	NUMBER,
	PERCENT,
	SENTENCE,
	STATE,
	VERDICT,
	Column,
	Sources,
	Table,
	label,
)
from ops_delivery.services.agreements import metrics
from ops_delivery.services.reports.period import Period

CLOCK = "Service Clock"
COMMITMENT = Column("commitment", label("Commitment"), STATE, "Service Commitment")
COUNTED = (
	Column("counted", label("Counted"), NUMBER),
	Column("met", label("Kept"), NUMBER),
	Column("missed", label("Not Kept"), NUMBER),
	Column("open", label("Still Open"), NUMBER),
	Column("share", label("Kept, of Those Decided"), PERCENT),
)
CALCULATION = (
	Column("clocks", label("Clocks"), NUMBER),
	Column("excluded", label("Not Counted"), NUMBER),
	*COUNTED,
	Column("agreed", label("Agreed"), PERCENT),
	Column("verdict", label("Verdict"), VERDICT),
)
COMMITMENTS = (COMMITMENT, *CALCULATION, Column("previous", label("Period Before"), PERCENT))
VERSIONS = (
	Column("version", label("Version"), NUMBER),
	Column("from_day", label("First Day"), DAY),
	Column("to_day", label("Last Day"), DAY),
	COMMITMENT,
	*CALCULATION,
)
PRIORITIES = (
	COMMITMENT,
	Column("priority", label("Priority"), STATE, "Issue Priority"),
	Column("target", label("Promised Within"), MINUTES),
	*COUNTED,
	Column("mean", label("Taken on Average"), MINUTES),
	Column("p90", label("Nine of Ten Within"), MINUTES),
)
EXCLUDED = (COMMITMENT, Column("why", label("Why Not Counted"), SENTENCE), Column("number", label("Clocks"), NUMBER))


class Part(NamedTuple):
	"""What a commitment came to under one version of the agreement."""

	version: Any
	kept: Kept
	outcomes: list[Outcome]


Parts = Mapping[str, list[Part]]


def parts(period: Period, outcomes: Iterable[Outcome], left: Iterable[Any]) -> dict[str, list[Part]]:
	"""By commitment, in their order: what came of it under each version by which something was measured, or which promises it."""
	measured: dict[tuple[str, str], list[Outcome]] = {}
	for one in outcomes:
		measured.setdefault((one.commitment, one.keys["agreement"]), []).append(one)
	gone = Counter((row.commitment, row.agreement) for row in left)
	promised = {(row.commitment, doc.name) for doc in period.documents for row in doc.get("targets") or ()}
	order, found = metrics.commitment_order(), {}

	def place(key: tuple[str, str]) -> tuple[Any, ...]:
		commitment, name = key
		return (order.index(commitment) if commitment in order else len(order), commitment, period.names.index(name))

	for commitment, name in sorted({*measured, *gone, *promised}, key=place):
		doc, those = period.document(name), measured.get((commitment, name), [])
		agreed = kept.agreed_share(metrics.metrics(doc), metrics.slug(commitment))
		figures = domain.summarize(those)
		verdict = kept.judge(kept.percent(figures.attainment), agreed)
		found.setdefault(commitment, []).append(Part(doc, kept.kept(figures, gone[commitment, name], agreed, verdict), those))
	return found


def commitments(found: Parts, before: Mapping[str, Figures]) -> Table:
	"""A line a commitment, over all versions."""
	rows = []
	for name, those in found.items():
		outcomes = [one for part in those for one in part.outcomes]
		agreed = {part.kept.agreed for part in those}
		whole = kept.kept(
			domain.summarize(outcomes),
			sum(part.kept.excluded for part in those),
			agreed.pop() if len(agreed) == 1 else None,
			kept.together([part.kept.verdict for part in those]),
		)
		previous = kept.percent(before[name].attainment) if name in before else None
		rows.append({"commitment": name, **_calculation(whole, outcomes), "previous": previous})
	return Table("commitments", label("What was promised and kept"), COMMITMENTS, tuple(rows))


def versions(found: Parts, period: Period) -> Table:
	"""The same of each version of the agreement; it is known by the days on which it rules."""
	spans = {one.name: one.span for one in period.versions}
	rows = [
		{
			"version": cint(part.version.version),
			"from_day": str(spans[part.version.name].first) if part.version.name in spans else None,
			"to_day": str(spans[part.version.name].last) if part.version.name in spans else None,
			"commitment": name,
			**_calculation(part.kept, part.outcomes),
		}
		for name, those in found.items()
		for part in those
	]
	rows.sort(key=lambda row: row["version"])
	return Table("versions", label("By version of the agreement"), VERSIONS, tuple(rows))


def priorities(period: Period, outcomes: Iterable[Outcome]) -> Table:
	"""By commitment and priority, with the times that were promised and taken; a time that changed with a version has lines of its own."""
	groups: dict[tuple[str, str, int], list[Outcome]] = {}
	for one in outcomes:
		groups.setdefault((one.commitment, one.priority, one.target), []).append(one)
	order = {name: place for place, name in enumerate(metrics.commitment_order())}
	rows = []
	for commitment, priority, target in sorted(groups, key=lambda key: (order.get(key[0], len(order)), key[0], key[2], key[1])):
		those = groups[commitment, priority, target]
		figures = domain.summarize(those)
		rows.append(
			{
				"commitment": commitment,
				"priority": priority or None,
				"target": target / 60,
				**_counted(kept.kept(figures, 0, None, None)),
				"mean": None if figures.mean is None else figures.mean / 60,
				"p90": None if figures.p90 is None else figures.p90 / 60,
				"_sources": _sources(those),
			}
		)
	return Table("priorities", label("By priority"), PRIORITIES, tuple(rows))


def excluded(left: Iterable[Any]) -> Table:
	"""Which clocks were not counted, and why not."""
	groups: dict[tuple[str, Any], list[str]] = {}
	for row in left:
		groups.setdefault((row.commitment, row.why), []).append(row.name)
	rows = [
		{"commitment": commitment, "why": [why[0], list(why[1])], "number": len(names), "_sources": Sources.of(CLOCK, names)}
		for (commitment, why), names in groups.items()
	]
	rows.sort(key=lambda row: -row["number"])
	return Table("excluded", label("Clocks that were not counted"), EXCLUDED, tuple(rows))


def _calculation(one: Kept, outcomes: Iterable[Outcome]) -> dict[str, Any]:
	return {
		"clocks": one.clocks,
		"excluded": one.excluded,
		**_counted(one),
		"agreed": one.agreed,
		"verdict": one.verdict,
		"too_few": one.too_few,
		"_sources": _sources(outcomes),
	}


def _counted(one: Kept) -> dict[str, Any]:
	return {name: getattr(one, name) for name in ("counted", "met", "missed", "open", "share")}


def _sources(outcomes: Iterable[Outcome]) -> Sources:
	return Sources.of(CLOCK, (one.keys["clock"] for one in outcomes))
