"""Visits in figures: punctuality, hours, kept arrivals, jobs done at the first visit (clauses 7.2.b.1, 7.2.d, 8.4.b.1).

Hours are floats, lateness is in minutes (negative: early). Cancelled visits are none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

JOB_DONE = "Job Done"


@dataclass(frozen=True)
class Visit:
	"""One visit or session as it is counted.

	`late`: minutes after the promised time, by now where it has passed and nobody arrived; None where none was promised, or
	it is still to come. `kept`: whether the
	commitment to arrive was kept, None where none is measured or decided. `first`: nobody came for the same matter
	before. `outcome`: blank until the work is over.
	"""

	name: str
	arrived: bool
	late: int | None = None
	on_site: float = 0.0
	work: float = 0.0
	travel: float = 0.0
	kept: bool | None = None
	first: bool = True
	outcome: str = ""


@dataclass(frozen=True)
class Figures:
	"""Counts and sums; shares are 0..1 and None while there is nothing to judge.

	`punctual`: share of the visits whose promised time has come that were not late. `mean_late`: minutes, of the late ones
	alone. `first_done`: share of the first visits that have an outcome and ended with the job done.
	"""

	visits: int
	arrived: int
	late: int
	punctual: float | None
	mean_late: float | None
	on_site: float
	work: float
	travel: float
	kept: int
	missed: int
	attainment: float | None
	first_done: float | None


def summarize(visits: Iterable[Visit]) -> Figures:
	"""The figures of a set of visits."""
	visits = list(visits)
	timed = [visit.late for visit in visits if visit.late is not None]
	late = [minutes for minutes in timed if minutes > 0]
	judged = [visit.kept for visit in visits if visit.kept is not None]
	firsts = [visit for visit in visits if visit.first and visit.outcome]
	return Figures(
		visits=len(visits),
		arrived=sum(visit.arrived for visit in visits),
		late=len(late),
		punctual=_share(len(timed) - len(late), len(timed)),
		mean_late=sum(late) / len(late) if late else None,
		on_site=sum(visit.on_site for visit in visits),
		work=sum(visit.work for visit in visits),
		travel=sum(visit.travel for visit in visits),
		kept=sum(judged),
		missed=len(judged) - sum(judged),
		attainment=_share(sum(judged), len(judged)),
		first_done=_share(sum(visit.outcome == JOB_DONE for visit in firsts), len(firsts)),
	)


def by(rows: Iterable[tuple[Hashable, Visit]]) -> dict[Hashable, Figures]:
	"""The figures of each group, from (group, visit) pairs, in the order in which groups come first."""
	groups: dict[Hashable, list[Visit]] = {}
	for group, visit in rows:
		groups.setdefault(group, []).append(visit)
	return {group: summarize(visits) for group, visits in groups.items()}


def first_ones(visits: Iterable[tuple[Hashable, str, object]]) -> set[str]:
	"""The names that came first for their matter, from (matter, name, moment of arrival)."""
	earliest: dict[Hashable, tuple[object, str]] = {}
	for matter, name, moment in visits:
		known = earliest.get(matter)
		if known is None or (moment, name) < known:
			earliest[matter] = (moment, name)
	return {name for _moment, name in earliest.values()}


def _share(part: int, whole: int) -> float | None:
	return part / whole if whole else None
