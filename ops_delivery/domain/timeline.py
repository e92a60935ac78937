"""Working time laid out flat on the UTC axis: what makes calendar arithmetic O(log n).

Everything here counts in whole seconds since the epoch, as int.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import accumulate

from ops_delivery.domain.work_window import DAY, Window

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
HORIZON = (0, 7_258_118_400)  # 1970-01-01 to 2200-01-01, UTC: no calendar is laid out beyond


class WallClock:
	"""The wall clock of a zone, read backwards: from what it shows to the instant.

	`instant(wall)` is the first instant at which the clock shows `wall` or later. That single rule makes the map
	monotone: a wall time skipped by the clock is the instant of the change, and one shown twice is its first showing.
	"""

	def __init__(self, zone: tzinfo, lo: int, hi: int) -> None:
		"""Exact for wall times whose instant lies in lo..hi. Assumes at most one change of offset in a UTC day."""
		self._zone = zone
		self._since = [lo - 2 * DAY]  # instant from which an offset holds
		self._offset = [self._offset_at(lo - 2 * DAY)]
		for probe in range(lo - DAY, hi + 3 * DAY, DAY):
			if (offset := self._offset_at(probe)) != self._offset[-1]:
				self._since.append(self._change_within(probe - DAY, probe, offset))
				self._offset.append(offset)
		# The wall time an offset's reign ends with, as a running maximum: the clock has shown all before it.
		ends = (until + offset for until, offset in zip(self._since[1:], self._offset, strict=False))
		self._shown = list(accumulate(ends, max))

	def instant(self, wall: int) -> int:
		"""The first instant at which the clock shows `wall` (seconds since 1970-01-01 00:00 local) or later."""
		reign = bisect_right(self._shown, wall)
		return max(self._since[reign], wall - self._offset[reign])

	def repeated(self) -> list[tuple[int, int, int]]:
		"""The wall times that the clock shows twice, as (from, to, offset of the second showing)."""
		changes = zip(self._since[1:], self._offset, self._offset[1:], strict=False)
		return [(since + after, since + before, after) for since, before, after in changes if after < before]

	def _offset_at(self, instant: int) -> int:
		offset = (EPOCH + timedelta(seconds=instant)).astimezone(self._zone).utcoffset()
		return offset.days * DAY + offset.seconds

	def _change_within(self, before: int, after: int, offset: int) -> int:
		"""The first instant with `offset` in (before, after]."""
		while after - before > 1:
			middle = (before + after) // 2
			before, after = (before, middle) if self._offset_at(middle) == offset else (middle, after)
		return after


class Timeline:
	"""The working intervals within lo..hi: sorted, disjoint, not touching. Never changed once made.

	`before[i]` is the working time ahead of interval i (from lo); its last entry is the whole.
	"""

	__slots__ = ("before", "ends", "hi", "lo", "starts")

	def __init__(self, lo: int, hi: int, starts: list[int], ends: list[int]) -> None:
		self.lo, self.hi, self.starts, self.ends = lo, hi, starts, ends
		self.before = [0, *accumulate(end - start for start, end in zip(starts, ends, strict=True))]

	@classmethod
	def lay(cls, zone: tzinfo, windows_on: Callable[[int], Sequence[Window]], lo: int, hi: int) -> Timeline:
		"""Lay out lo..hi. `windows_on` gives the sorted windows that start on a date (days since 1970-01-01)."""
		# A zone is up to a day off UTC, and a night reaches one date further.
		first, last = lo // DAY - 2, hi // DAY + 2
		instant = WallClock(zone, first * DAY, last * DAY).instant
		starts: list[int] = []
		ends: list[int] = []
		reached = lo
		for day in range(first, last):
			midnight = day * DAY
			for window in windows_on(day):
				start, end = instant(midnight + window.start), min(instant(midnight + window.end), hi)
				if end <= max(start, reached):
					continue
				if start <= reached and ends:
					ends[-1] = end
				else:
					starts.append(max(start, lo))
					ends.append(end)
				reached = end
		return cls(lo, hi, starts, ends)

	def worked(self, instant: int) -> int:
		"""Working time from lo to `instant`."""
		index = bisect_right(self.starts, instant) - 1
		if index < 0:
			return 0
		end = self.ends[index]
		return self.before[index] + (instant if instant < end else end) - self.starts[index]

	def forward(self, instant: int, seconds: int) -> int | None:
		"""The first instant with `seconds` (> 0) of working time since `instant`; None if it lies after hi."""
		# worked() written out: a deadline is what is asked for most, and a call costs as much as the search
		starts, before = self.starts, self.before
		index = bisect_right(starts, instant)
		if index:
			end = self.ends[index - 1]
			seconds += before[index - 1] + (instant if instant < end else end) - starts[index - 1]
		if seconds > before[-1]:
			return None
		index = bisect_left(before, seconds, index) - 1
		return starts[index] + seconds - before[index]

	def backward(self, instant: int, seconds: int) -> int | None:
		"""The last instant with `seconds` (> 0) of working time until `instant`; None if it lies before lo."""
		worked = self.worked(instant) - seconds
		if worked < 0:
			return None
		index = bisect_right(self.before, worked) - 1
		return self.starts[index] + worked - self.before[index]

	def within(self, a: int, b: int) -> Iterator[tuple[int, int]]:
		"""The working intervals of [a, b), clipped to it, in order."""
		index = max(bisect_right(self.starts, a) - 1, 0)
		while index < len(self.starts) and self.starts[index] < b:
			if self.ends[index] > a:
				yield max(self.starts[index], a), min(self.ends[index], b)
			index += 1


NOTHING_LAID = Timeline(1, 0, [], [])  # covers no instant: what a calendar starts with
