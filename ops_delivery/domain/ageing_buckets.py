"""Ageing of obligations: how long one has been open, in buckets a reader knows from receivables (6.5.d)."""

from __future__ import annotations

BOUNDS = (30, 60, 90)


def bucket(days: int, bounds: tuple[int, ...] = BOUNDS) -> int:
	"""The number of the bucket that `days` (whole days, 0 and up) fall into: 0 up to the first bound, and so on.

	A bound belongs to the bucket it ends; beyond the last bound lies the last bucket. ValueError for negative days.
	"""
	if days < 0:
		raise ValueError(f"days before it began: {days}")
	return sum(days > bound for bound in bounds)


def spans(bounds: tuple[int, ...] = BOUNDS) -> list[tuple[int, int | None]]:
	"""First and last day of every bucket; the last one has no end."""
	firsts = (0, *(bound + 1 for bound in bounds))
	return list(zip(firsts, (*bounds, None), strict=True))
