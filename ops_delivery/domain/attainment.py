"""How far the promises were kept: service-level figures from clocks (clauses 5.3.d, 8.4.b.2).

Durations are int seconds of working time. Cancelled clocks are not outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from ops_delivery.domain.clock import Calendars, Clock, Status

MET, BREACHED, RUNNING = "met", "breached", "running"


@dataclass(frozen=True)
class Outcome:
	"""What came of one clock, as of the report.

	`status` is "breached" when more than the target was used, stopped or not; else "met" once stopped and "running"
	until then (a paused clock too). `open` marks a breached clock that has not stopped: its time is not final.
	`keys` are what figures may be grouped by: customer, location, month …
	"""

	commitment: str
	priority: str
	started: datetime
	target: int
	elapsed: int
	status: str
	keys: Mapping[str, str] = field(default_factory=dict)
	open: bool = False

	@property
	def stopped(self) -> bool:
		"""Whether `elapsed` is final."""
		return self.status == MET or (self.status == BREACHED and not self.open)

	@classmethod
	def of(
		cls,
		clock: Clock,
		commitment: str,
		priority: str,
		at: datetime,
		calendars: Calendars,
		keys: Mapping[str, str] | None = None,
	) -> Outcome | None:
		"""The outcome of a clock as of `at`; None for a cancelled one."""
		if clock.status is Status.CANCELLED:
			return None
		elapsed = clock.elapsed_at(at, calendars)
		stopped = clock.status is Status.MET
		status = BREACHED if elapsed > clock.target else MET if stopped else RUNNING
		return cls(
			commitment, priority, clock.started, clock.target, elapsed, status, keys or {}, open=not stopped
		)


@dataclass(frozen=True)
class Figures:
	"""Counts of outcomes; `attainment` is met / (met + breached), 0..1, None while nothing is decided.

	`mean` and `p90` (nearest rank) are working seconds of the clocks that have stopped, None where none has.
	"""

	total: int
	met: int
	breached: int
	running: int
	attainment: float | None
	mean: float | None
	p90: int | None


def summarize(outcomes: Iterable[Outcome]) -> Figures:
	"""The figures of a set of outcomes."""
	outcomes = list(outcomes)
	met, breached, running = (sum(o.status == s for o in outcomes) for s in (MET, BREACHED, RUNNING))
	return figures(met, breached, running, [o.elapsed for o in outcomes if o.stopped])


def figures(met: int, breached: int, running: int, times: Sequence[int]) -> Figures:
	"""The figures of so many clocks; `times` is what those that have stopped have used."""
	return Figures(
		total=met + breached + running,
		met=met,
		breached=breached,
		running=running,
		attainment=met / (met + breached) if met + breached else None,
		mean=sum(times) / len(times) if times else None,
		p90=percentile(times, 90),
	)


def by(outcomes: Iterable[Outcome], key: Callable[[Outcome], str] | str) -> dict[str, Figures]:
	"""The figures of each group, groups in sorted order.

	`key` is a function of the outcome, the name of its field (commitment, priority, status), or one of its `keys`; an
	outcome without that key falls into group "".
	"""
	groups: dict[str, list[Outcome]] = {}
	for outcome in outcomes:
		groups.setdefault(_group(outcome, key), []).append(outcome)
	return {group: summarize(groups[group]) for group in sorted(groups)}


def by_month(outcomes: Iterable[Outcome], zone: str) -> dict[str, Figures]:
	"""The trend: figures by the local month ("2026-10") in which the clocks started."""
	local = ZoneInfo(zone)
	return by(outcomes, lambda outcome: outcome.started.astimezone(local).strftime("%Y-%m"))


def percentile(values: Iterable[int], q: int) -> int | None:
	"""The q-th percentile (0 < q <= 100) by nearest rank: always one of the values; None of none."""
	ordered: Sequence[int] = sorted(values)
	if not ordered:
		return None
	return ordered[max(0, -(-q * len(ordered) // 100) - 1)]


def _group(outcome: Outcome, key: Callable[[Outcome], str] | str) -> str:
	if callable(key):
		return key(outcome)
	if key in ("commitment", "priority", "status"):
		return getattr(outcome, key)
	return outcome.keys.get(key, "")
