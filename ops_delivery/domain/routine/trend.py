"""Where a measured value is heading: its course in short, and a simple forecast that says how it was made.

The forecast is a straight line by Theil and Sen: the median of the slopes between all pairs of readings. A few wrong readings do
not bend it, as they would a least-squares line. It comes with its range and the number of readings, and is not given at all
where they are too few. It looks no farther ahead than the readings reach back.

Written for clause 8.3.b.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from math import floor, isfinite, sqrt
from statistics import median

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.normal_state import Limits

METHOD = "theil_sen"
FEWEST = 8  # moments with a reading, below which nothing is said
CONFIDENCE = 0.9
TOO_FEW, NO_TREND, GIVEN = "too_few_readings", "no_trend", "given"
BUCKETS = ("day", "week", "month", "year")

_Z = 1.645  # of the normal distribution, for CONFIDENCE on both sides
_MOST = 240  # points for the line; more readings are taken together by their medians
_DAY = 86_400


@dataclass(frozen=True)
class Reading:
	"""A value at an instant (aware)."""

	taken_on: datetime
	value: float


@dataclass(frozen=True)
class Bucket:
	"""The readings of one day, week (from Monday), month or year: how many, the least, the median, the most and the last."""

	first: date
	count: int
	least: float
	middle: float
	most: float
	last: float


@dataclass(frozen=True)
class Crossing:
	"""A limit that the line reaches: when by itself, and the earliest and latest time within the range (None: not within it).

	`likely` None: only the range's edge reaches it.
	"""

	limit: str
	value: float
	likely: datetime | None
	earliest: datetime
	latest: datetime | None


@dataclass(frozen=True)
class Forecast:
	"""What the readings say of the time to come.

	`outcome`: "too_few_readings" (nothing else is said), "no_trend" (the slope may as well be none), or "given". `per_day`: how much
	the value changes in a day, and from `slowest` to `steepest` with the confidence of CONFIDENCE. `until`: how far it looks.
	"""

	outcome: str
	readings: int
	method: str = METHOD
	confidence: float = CONFIDENCE
	per_day: float = 0.0
	slowest: float = 0.0
	steepest: float = 0.0
	since: datetime | None = None
	until: datetime | None = None
	middle: Reading | None = None
	spread: tuple[float, float] = (0.0, 0.0)

	def at(self, instant: datetime) -> tuple[float, float, float]:
		"""(the least, the line, the most) to be expected at an instant. DomainError forecast_not_given, forecast_too_far."""
		if self.outcome == TOO_FEW or self.middle is None or self.until is None:
			raise DomainError(
				"forecast_not_given", "{value} readings are too few for a forecast: it takes {fewest}.", field="readings", value=self.readings, fewest=FEWEST
			)
		if instant > self.until:
			raise DomainError(
				"forecast_too_far",
				"{value} is farther ahead than the readings reach back. Ask for a time until {until}.",
				field="until",
				value=instant.isoformat(),
				until=self.until.isoformat(),
			)
		days = _days(self.middle.taken_on, instant)
		ends = sorted((self.slowest * days, self.steepest * days))
		return (
			self.middle.value + ends[0] + self.spread[0],
			self.middle.value + self.per_day * days,
			self.middle.value + ends[1] + self.spread[1],
		)


def course(readings: Iterable[Reading], bucket: str, zone: tzinfo) -> list[Bucket]:
	"""The readings in short, by the days of a time zone; a time without readings has no bucket. DomainError: trend_bad_bucket,
	trend_bad_reading."""
	if bucket not in BUCKETS:
		raise DomainError(
			"trend_bad_bucket", "{value} is no length of time for a trend. Choose one of {known}.", field="bucket", value=bucket, known=", ".join(BUCKETS)
		)
	ordered = _checked(readings)
	found = []
	for first, group in groupby(ordered, lambda one: bucket_of(one.taken_on.astimezone(zone).date(), bucket)):
		values = [one.value for one in group]
		found.append(Bucket(first, len(values), min(values), median(values), max(values), values[-1]))
	return found


def forecast(readings: Iterable[Reading]) -> Forecast:
	"""The forecast of some readings, in whatever order they are. DomainError: trend_bad_reading."""
	ordered = _checked(readings)
	moments = {one.taken_on for one in ordered}
	if len(moments) < FEWEST:
		return Forecast(TOO_FEW, len(ordered))
	start = ordered[0].taken_on
	points = _grouped([(_days(start, one.taken_on), one.value) for one in ordered])
	slopes = sorted((y2 - y1) / (x2 - x1) for n, (x1, y1) in enumerate(points) for x2, y2 in points[n + 1 :] if x2 > x1)
	slope = median(slopes)
	slowest, steepest = _slope_range(slopes, len(points))
	middle = median(x for x, _ in points)
	level = median(y - slope * (x - middle) for x, y in points)
	# what a single reading may lie off the line is seen in all of them, not in medians of groups
	off = sorted(one.value - level - slope * (_days(start, one.taken_on) - middle) for one in ordered)
	edge = (1 - CONFIDENCE) / 2
	last = ordered[-1].taken_on
	return Forecast(
		outcome=GIVEN if slowest > 0 or steepest < 0 else NO_TREND,
		readings=len(ordered),
		per_day=slope,
		slowest=slowest,
		steepest=steepest,
		since=start,
		until=last + (last - start),
		middle=Reading(start + timedelta(days=middle), level),
		spread=(min(0.0, _quantile(off, edge)), max(0.0, _quantile(off, 1 - edge))),
	)


def crossings(found: Forecast, limits: Limits, now: datetime) -> list[Crossing]:
	"""Which limits the value will reach, the soonest first; none where the forecast has no trend or does not look so far."""
	if found.outcome != GIVEN or found.middle is None or found.until is None:
		return []
	rising = found.per_day > 0
	names = ("warn_high", "alarm_high") if rising else ("warn_low", "alarm_low")
	fast, slow = (found.steepest, found.slowest) if rising else (found.slowest, found.steepest)
	toward, away = (found.spread[1], found.spread[0]) if rising else found.spread
	met = []
	for name in names:
		limit = getattr(limits, name)
		if limit is None:
			continue
		earliest = _reached(found, limit - toward, fast, now)
		likely = _reached(found, limit, found.per_day, now)
		latest = _reached(found, limit - away, slow, now)
		if earliest is not None:
			met.append(Crossing(name, limit, likely, earliest, latest))
	return sorted(met, key=lambda one: (one.earliest, names.index(one.limit)))


def _reached(found: Forecast, value: float, slope: float, now: datetime) -> datetime | None:
	"""When a line through the middle with that slope reaches a value, `now` at the earliest; None after the forecast ends."""
	middle, until = found.middle, found.until
	if middle is None or until is None or not slope:
		return None
	days = (value - middle.value) / slope
	if days > _days(middle.taken_on, until):
		return None
	return max(now, middle.taken_on + timedelta(days=max(days, -36_500.0)))


def _slope_range(slopes: Sequence[float], points: int) -> tuple[float, float]:
	"""Sen's range of the median slope: so many slopes to either side of the middle as chance may move it."""
	moved = _Z * sqrt(points * (points - 1) * (2 * points + 5) / 18)
	low = max(0, floor((len(slopes) - moved) / 2))
	high = min(len(slopes) - 1, len(slopes) - 1 - low)
	return slopes[low], slopes[max(high, low)]


def _grouped(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
	"""The points, or medians of groups of as many neighbours, so that there are no more than _MOST."""
	size = -(-len(points) // _MOST)
	if size <= 1:
		return points
	groups = [points[n : n + size] for n in range(0, len(points), size)]
	return [(median(x for x, _ in group), median(y for _, y in group)) for group in groups]


def _quantile(ordered: Sequence[float], share: float) -> float:
	"""The value below which that share of future values lies, as far as so many can tell; the outermost where they are few."""
	place = share * (len(ordered) + 1) - 1
	below = min(max(floor(place), 0), len(ordered) - 1)
	above = min(below + 1, len(ordered) - 1)
	part = min(max(place - below, 0.0), 1.0)
	return ordered[below] + (ordered[above] - ordered[below]) * part


def _checked(readings: Iterable[Reading]) -> list[Reading]:
	ordered = list(readings)
	for one in ordered:
		if one.taken_on.tzinfo is None or not isfinite(one.value):
			raise DomainError(
				"trend_bad_reading",
				"The reading {value} at {moment} is no number at an instant with a time zone.",
				field="value",
				value=one.value,
				moment=one.taken_on.isoformat(),
			)
	return sorted(ordered, key=lambda one: one.taken_on)


def bucket_of(day: date, bucket: str) -> date:
	"""The first day of the day, week (from Monday), month or year in which a day lies."""
	if bucket == "week":
		return day - timedelta(days=day.weekday())
	if bucket == "month":
		return day.replace(day=1)
	return day.replace(month=1, day=1) if bucket == "year" else day


def _days(start: datetime, end: datetime) -> float:
	return (end - start).total_seconds() / _DAY
