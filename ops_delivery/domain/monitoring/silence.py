"""When a source that reports by itself is silent: nothing came for longer than was said, or than it usually takes.

Written for clauses 6.2.b.4 and 5.4.a.
"""

from __future__ import annotations

TIMES = 3  # so many of its usual intervals are silence
LEAST = 900  # seconds; what comes every second may pause for a while
SMOOTH, MOST_AT_ONCE = 8, 4


def usual(before: int, gap: float) -> int:
	"""The usual interval in seconds (0: not known yet) once another message came after `gap` seconds.

	It follows slowly, and one long pause counts for no more than four intervals, so that a silence does not become usual.
	"""
	if gap <= 0:
		return before
	if before <= 0:
		return max(1, round(gap))
	return max(1, round(before + (min(gap, MOST_AT_ONCE * before) - before) / SMOOTH))


def limit(configured: float, usual_seconds: int) -> float | None:
	"""After how many seconds without a message a source is silent; None: nothing is expected of it (it only tells alerts)."""
	if configured > 0:
		return configured
	return max(LEAST, TIMES * usual_seconds) if usual_seconds > 0 else None
