"""A value day by day, taken together to weeks, months or years: what a long course is shown and forecast by.

A database counts a day's readings; nothing here needs each of them.

Written for clause 8.3.b.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ops_delivery.domain.routine.trend import bucket_of

ALL = "all"
MOST_POINTS = 400  # that a chart can show apart


@dataclass(frozen=True)
class Span:
	"""The readings of one day, week (from Monday), month or year: how many, the least, the mean, the most, and how many of them
	were at risk and abnormal."""

	first: date
	count: int
	least: float
	mean: float
	most: float
	at_risk: int = 0
	abnormal: int = 0


def fold(days: Iterable[Span], bucket: str) -> list[Span]:
	"""Days as weeks, months or years, in their order; a time without readings has no span."""
	ordered = sorted(days, key=lambda one: one.first)
	found = []
	for first, group in groupby(ordered, lambda one: bucket_of(one.first, bucket)):
		parts = list(group)
		count = sum(one.count for one in parts)
		found.append(
			Span(
				first,
				count,
				min(one.least for one in parts),
				sum(one.mean * one.count for one in parts) / count,
				max(one.most for one in parts),
				sum(one.at_risk for one in parts),
				sum(one.abnormal for one in parts),
			)
		)
	return found


def fitting(readings: int, days: int) -> str:
	"""The finest way to show so many readings of so many days: all, day, week or month."""
	if readings <= MOST_POINTS:
		return ALL
	return next((bucket for bucket, length in (("day", 1), ("week", 7)) if days / length <= MOST_POINTS), "month")
