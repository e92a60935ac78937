"""The steps of a policy on a clock that runs straight through: how often each fires, without an object for each trigger."""

from __future__ import annotations

from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.escalation import Basis, Moment, Step, StepKind

ALWAYS = -1


class StraightStep:
	"""A step under one target. `earliest` is the working time that must be used before it can fall due, if that is known."""

	__slots__ = (
		"_distance",
		"_offset",
		"_repeats",
		"_wait",
		"_warning",
		"earliest",
		"kind",
		"moment",
		"wall",
	)

	def __init__(self, step: Step, target: int) -> None:
		self.kind, self.moment = step.kind.value, step.moment
		self.wall = step.basis is Basis.WALL and step.moment is not Moment.AT
		self._warning = step.kind is StepKind.WARNING
		self._wait, self._repeats = step.repeat_minutes * 60, step.max_repeats
		share = step.basis is Basis.SHARE
		distance = max(1, round(target * step.amount / 100 if share else step.amount * 60))
		self._distance = {Moment.BEFORE: -distance, Moment.AT: 0, Moment.AFTER: distance}[step.moment]
		self._offset = (
			target + self._distance if share else None
		)  # from the start; else the distance is from the deadline
		self.earliest = ALWAYS if self.wall else target + self._distance

	def times(self, calendar: WorkCalendar, started: int, due: int, end: int) -> int:
		"""How often it fires before `end`, as escalation.plan() has it. Nobody acknowledges."""
		if self.moment is Moment.AT:
			at = due
		elif self.wall:
			at = due + self._distance
		elif self._offset is not None:
			at = calendar.add_ts(started, self._offset)
		else:
			at = calendar.add_ts(due, self._distance)
		if self._warning:
			end = min(end, due)  # none is given once the deadline has passed
		if at >= end:
			return 0
		if not self._wait:
			return 1
		return 1 + min(self._repeats, (end - max(at, started) - 1) // self._wait)
