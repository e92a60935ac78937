"""The gate of a trial run: an optimization is closed when its period is over and its metrics held (6.4.c, 8.5.a.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from ops_delivery.domain import plausible
from ops_delivery.domain.errors import DomainError

AT_LEAST, AT_MOST = "at_least", "at_most"
DIRECTIONS = (AT_LEAST, AT_MOST)
NO_METRICS = "no_metrics"
NOT_OVER = "period_not_over"
TOO_FEW = "too_few_readings"
OUTSIDE = "outside_target"


@dataclass(frozen=True)
class Metric:
	"""What is measured: the target is held by values `direction` of it ("at_least" or "at_most"), itself included."""

	name: str
	unit: str
	target: float
	direction: str

	def __post_init__(self) -> None:
		"""DomainError: metric_without_name, metric_without_unit, bad_direction, bad_number (the target)."""
		if not self.name.strip():
			raise DomainError("metric_without_name", "A metric has no name.", field="name", value=self.name)
		if not self.unit.strip():
			raise DomainError(
				"metric_without_unit", "The metric {metric!r} has no unit.", field="unit", metric=self.name
			)
		if self.direction not in DIRECTIONS:
			raise DomainError(
				"bad_direction",
				"The direction {value!r} of {metric!r} is not known.",
				field="direction",
				value=self.direction,
				metric=self.name,
			)
		_number(self.target, "target", self.name)

	def held_by(self, value: float) -> bool:
		"""Whether a measured value keeps the target."""
		return value >= self.target if self.direction == AT_LEAST else value <= self.target


@dataclass(frozen=True)
class Reading:
	"""A value measured at an instant (aware)."""

	metric: str
	value: float
	taken_on: datetime


@dataclass(frozen=True)
class Period:
	"""The observation period [start, end), instants (aware). During `grace` after the start values may still settle."""

	start: datetime
	end: datetime
	grace: timedelta = timedelta(0)

	def __post_init__(self) -> None:
		"""DomainError: period_reversed (it ends at or before its start), bad_grace (negative, or as long as it all)."""
		if self.end <= self.start:
			raise DomainError(
				"period_reversed", "The trial run ends before it starts.", field="end", value=self.end
			)
		if not timedelta(0) <= self.grace < self.end - self.start:
			raise DomainError(
				"bad_grace",
				"The time to settle, {value}, leaves nothing of the trial run.",
				field="grace",
				value=self.grace,
			)

	@property
	def settled(self) -> datetime:
		"""From when on values count."""
		return self.start + self.grace

	def covers(self, instant: datetime) -> bool:
		"""Whether an instant lies within the period."""
		return self.start <= instant < self.end

	def counts(self, instant: datetime) -> bool:
		"""Whether a value measured at that instant counts: within the period, after the grace."""
		return self.settled <= instant < self.end


@dataclass(frozen=True)
class Finding:
	"""One reason why the gate is shut: a code of this module, the metric it is about, and numbers for a sentence."""

	code: str
	metric: str = ""
	details: tuple[tuple[str, Any], ...] = ()

	def get(self, key: str) -> Any:
		"""A detail, or None."""
		return dict(self.details).get(key)


@dataclass(frozen=True)
class Held:
	"""How one metric fares: counted readings, those outside the target, the last one counted."""

	metric: Metric
	counted: int
	outside: tuple[Reading, ...]
	last: Reading | None


@dataclass(frozen=True)
class Verdict:
	"""What the readings say. `findings` is empty when the trial run has held; a valid decision opens the gate too."""

	metrics: tuple[Held, ...]
	findings: tuple[Finding, ...]
	decided: bool
	decision_outdated: bool = False

	@property
	def held(self) -> bool:
		"""The period is over and every metric kept its target."""
		return not self.findings

	@property
	def open(self) -> bool:
		"""Whether the plan may be closed."""
		return self.held or self.decided


def check_reading(reading: Reading, metrics: Iterable[Metric], period: Period) -> None:
	"""DomainError: unknown_metric, reading_outside_period, bad_number, reading_below_zero."""
	known = {metric.name: metric for metric in metrics}
	if reading.metric not in known:
		raise DomainError(
			"unknown_metric", "The metric {value!r} is not in the plan.", field="metric", value=reading.metric
		)
	_number(reading.value, "value", reading.metric)
	metric = known[reading.metric]
	plausible.reading(reading.value, metric.target, metric.unit)
	if not period.covers(reading.taken_on):
		raise DomainError(
			"reading_outside_period",
			"{value} lies outside the trial run.",
			field="taken_on",
			value=reading.taken_on,
		)


def judge(
	metrics: Sequence[Metric],
	readings: Iterable[Reading],
	period: Period,
	now: datetime,
	needed: int = 1,
	decided_on: datetime | None = None,
) -> Verdict:
	"""Whether the trial run held at `now`: over, at least `needed` counted readings per metric, none outside its target.

	Readings of other metrics, outside the period or within its grace do not count. `decided_on` is when the parties
	accepted the result otherwise; a decision from before a counted reading that broke its target says nothing of it
	(decision_outdated). DomainError: duplicate_metric, bad_needed (less than one).
	"""
	if needed < 1:
		raise DomainError("bad_needed", "{value} readings are too few.", field="needed", value=needed)
	names = [metric.name for metric in metrics]
	for name in names:
		if names.count(name) > 1:
			raise DomainError(
				"duplicate_metric", "The metric {value!r} is listed twice.", field="name", value=name
			)
	counted: dict[str, list[Reading]] = {name: [] for name in names}
	for reading in sorted(readings, key=lambda reading: reading.taken_on):
		if reading.metric in counted and period.counts(reading.taken_on) and reading.taken_on <= now:
			counted[reading.metric].append(reading)
	fares = tuple(_fare(metric, counted[metric.name]) for metric in metrics)
	broken = [reading.taken_on for fare in fares for reading in fare.outside]
	late = decided_on is not None and any(taken_on > decided_on for taken_on in broken)
	return Verdict(
		metrics=fares,
		findings=tuple(_findings(fares, period, now, needed)),
		decided=decided_on is not None and decided_on <= now and not late,
		decision_outdated=late,
	)


def _fare(metric: Metric, readings: list[Reading]) -> Held:
	return Held(
		metric=metric,
		counted=len(readings),
		outside=tuple(reading for reading in readings if not metric.held_by(reading.value)),
		last=readings[-1] if readings else None,
	)


def _findings(fares: Sequence[Held], period: Period, now: datetime, needed: int) -> Iterable[Finding]:
	if not fares:
		yield Finding(NO_METRICS)
	if now < period.end:
		yield Finding(NOT_OVER, details=(("end", period.end),))
	for fare in fares:
		if fare.counted < needed:
			yield Finding(TOO_FEW, fare.metric.name, (("counted", fare.counted), ("needed", needed)))
		if fare.outside:
			last = fare.outside[-1]
			yield Finding(
				OUTSIDE,
				fare.metric.name,
				(("number", len(fare.outside)), ("value", last.value), ("taken_on", last.taken_on)),
			)


def _number(value: float, field: str, metric: str) -> None:
	if not isfinite(value):
		raise DomainError(
			"bad_number", "{value} of {metric!r} is not a number.", field=field, value=value, metric=metric
		)
