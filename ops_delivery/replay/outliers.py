"""Instants that lie so far from all others that somebody must have mistyped the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

DAY = 86400
FAR = 300 * DAY
FEW = 0.01  # the most of all values that can be typing errors
FEW_AT_LEAST = 2


def bounds(instants: Iterable[Iterable[int]], now: int) -> tuple[int, int]:
	"""The first and the last instant that can be believed; negative values are no instants.

	A few values are typing errors where a gap without any value lies between them and the others: of 300 days at least, and
	longer than half of what the others span. So are those that lie in the future of `now`, if they are few.
	"""
	days: Counter[int] = Counter()
	for values in instants:
		days.update(value // DAY for value in values if value >= 0)
	if not days:
		return 0, 1 << 61
	ordered = sorted(days)
	allowed = max(FEW_AT_LEAST, int(sum(days.values()) * FEW))
	last = _edge(ordered, days, allowed)
	ahead = [day for day in ordered if day * DAY > now + DAY]
	if ahead and sum(days[day] for day in ahead) <= allowed and ahead[0] <= last:
		earlier = [day for day in ordered if day < ahead[0]]
		last = earlier[-1] if earlier else last
	back = [-day for day in reversed(ordered)]
	first = -_edge(back, Counter({-day: count for day, count in days.items()}), allowed)
	return first * DAY, (last + 1) * DAY - 1


def _edge(ordered: list[int], days: Counter[int], allowed: int) -> int:
	"""The last of `ordered` days that is not behind a gap with few values beyond."""
	edge, beyond = ordered[-1], 0
	total = sum(days.values())
	for i in range(len(ordered) - 1, 0, -1):
		beyond += days[ordered[i]]
		if beyond > allowed or beyond * 2 >= total:
			break
		gap = (ordered[i] - ordered[i - 1]) * DAY
		span = (ordered[i - 1] - ordered[0]) * DAY
		if gap >= FAR and gap * 2 > span:
			edge = ordered[i - 1]
	return edge
