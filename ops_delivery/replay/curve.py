"""The share kept as a curve over the target: where it bends, a longer promise buys little more."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 3600
# from 1 hour to 5 days
TARGETS = tuple(
	hours * HOUR for hours in (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 30, 36, 42, 48, 60, 72, 84, 96, 108, 120)
)
CLEAR = 0.05  # how far a curve must stand above its chord to bend


@dataclass(frozen=True)
class Curve:
	"""The share kept (0 to 1, None where nothing is decided) at each of TARGETS, and the target at which it bends."""

	shares: tuple[float | None, ...]
	bend: int | None

	def share_at(self, target: int) -> float | None:
		"""The share at one of TARGETS."""
		return self.shares[TARGETS.index(target)]


def of(stopped: Sequence[int], going: Sequence[int]) -> Curve:
	"""The curve of clocks by what they have used: those that stopped, and those that still go."""
	stopped, going = sorted(stopped), sorted(going)
	shares: list[float | None] = []
	for target in TARGETS:
		kept = bisect_right(stopped, target)
		decided = len(stopped) + len(going) - bisect_right(going, target)
		shares.append(kept / decided if decided else None)
	return Curve(tuple(shares), _bend(shares))


def _bend(shares: Sequence[float | None]) -> int | None:
	"""The target at which the curve stands highest above the line from its first point to its last."""
	points = [(target, share) for target, share in zip(TARGETS, shares, strict=True) if share is not None]
	if len(points) < 3:
		return None
	(x0, y0), (x1, y1) = points[0], points[-1]
	above = [(y - (y0 + (y1 - y0) * (x - x0) / (x1 - x0)), -x) for x, y in points]
	height, x = max(above)
	return -x if height >= CLEAR else None
