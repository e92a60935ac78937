"""The state of an object at a glance, from the last reading of each of its steps, and since when it is so.

Written for clause 8.3.a.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ops_delivery.domain.routine.normal_state import NORMAL, NOT_SEEN, worst


@dataclass(frozen=True)
class Run:
	"""The last readings of a step that say the same: `since` when, `last`: the place of the newest among those given, `whole`: all
	of those given say it, so that the run may have begun before them."""

	since: datetime
	last: int
	whole: bool


@dataclass(frozen=True)
class Steps:
	"""The steps of an object whose last reading shows the same state (None: it was only recorded).

	`first` and `last`: since when the first and the last of them show it; `seen`: their newest reading.
	"""

	state: str | None
	first: datetime
	last: datetime
	seen: datetime


@dataclass(frozen=True)
class Standing:
	"""How an object stands. `since`: when that began, None where nothing was ever read; `seen`: its newest reading; `unseen`: that is
	too long ago, whatever the state."""

	state: str
	since: datetime | None
	seen: datetime | None
	unseen: bool


def last_run(readings: Sequence[tuple[datetime, str | None]]) -> Run:
	"""The run that readings of one step, (moment, state), end in; at least one. Of one moment the later in the list counts."""
	order = sorted(range(len(readings)), key=lambda place: (readings[place][0], place))
	since, state = readings[order[-1]]
	for place in reversed(order):
		if readings[place][1] != state:
			return Run(since, order[-1], whole=False)
		since = readings[place][0]
	return Run(since, order[-1], whole=True)


def standing(steps: Iterable[Steps], seen_after: datetime) -> Standing:
	"""How an object stands, by its steps; all moments are of one clock. What was last seen before `seen_after` is not known to be
	normal any more, while a risk or fault stays until it is read otherwise.

	It is abnormal or at risk since the first of its steps is, normal since the last of them is, not seen since its last reading.
	"""
	found = list(steps)
	seen = max((one.seen for one in found), default=None)
	unseen = seen is None or seen < seen_after
	state = worst(one.state for one in found)
	if state in (NOT_SEEN, NORMAL) and (unseen or state == NOT_SEEN):
		return Standing(NOT_SEEN, seen, seen, unseen)
	of_it = [one for one in found if one.state == state]
	since = max(one.last for one in of_it) if state == NORMAL else min(one.first for one in of_it)
	return Standing(state, since, seen, unseen)
