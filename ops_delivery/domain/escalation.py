"""Warning, alarm and the two escalation routes of a clock (clause 6.3.e).

A policy is an ordered list of steps. plan() turns a running clock into the dated triggers that are still to come; it
remembers nothing itself, so the caller passes in what has fired and what has been acknowledged. Instants are UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from ops_delivery.domain.calendar import WorkCalendar, epoch_seconds, instant_at
from ops_delivery.domain.clock import Clock, Status
from ops_delivery.domain.errors import DomainError


class StepKind(str, Enum):
	"""What a step does: 6.3.e.1 warns, 6.3.e.2 raises the alarm, 6.3.e.3 takes one of two routes."""

	WARNING = "Warning"
	ALARM = "Alarm"
	MANAGER_ROUTE = "Manager Route"
	EXPERT_ROUTE = "Expert Route"


class Moment(str, Enum):
	"""Where a step lies, seen from the deadline."""

	BEFORE = "Before"
	AT = "At"
	AFTER = "After"


class Basis(str, Enum):
	"""What a step's amount counts."""

	SHARE = "Share of Target"
	WORKING = "Working Minutes"
	WALL = "Wall Minutes"


@dataclass(frozen=True)
class Step:
	"""One step of a policy.

	`amount` is the distance from the deadline: percent of the target, or minutes by the service calendar or by the wall
	clock; At ignores it. No commitments or no priorities means all of them. A step that repeats does so every
	`repeat_minutes` (wall clock) until acknowledged, at most `max_repeats` times.
	"""

	key: str
	kind: StepKind
	moment: Moment
	basis: Basis = Basis.SHARE
	amount: float = 0
	commitments: frozenset[str] = frozenset()
	priorities: frozenset[str] = frozenset()
	repeat_minutes: int = 0
	max_repeats: int = 0

	def __post_init__(self) -> None:
		for name, enum in (("kind", StepKind), ("moment", Moment), ("basis", Basis)):
			try:
				object.__setattr__(self, name, enum(getattr(self, name)))
			except ValueError:
				raise _bad(self, "bad_step", name, "{field}: {value!r} is not known.") from None
		object.__setattr__(self, "commitments", frozenset(self.commitments))
		object.__setattr__(self, "priorities", frozenset(self.priorities))

	def applies_to(self, commitment: str, priority: str) -> bool:
		"""Whether the step is meant for clocks of this commitment and priority."""
		return (not self.commitments or commitment in self.commitments) and (
			not self.priorities or priority in self.priorities
		)


@dataclass(frozen=True)
class Trigger:
	"""A firing to come. Rounds of a step count from 1; (clock, step, round) is unique."""

	step: str
	round: int
	due: datetime


@dataclass(frozen=True)
class Fired:
	"""A firing that has happened."""

	step: str
	round: int
	at: datetime

	def __post_init__(self) -> None:
		object.__setattr__(self, "at", instant_at(epoch_seconds(self.at)))


def validate_steps(steps: Sequence[Step]) -> None:
	"""Refuse a policy that cannot work.

	DomainError: missing_key, duplicate_step; bad_amount (not above 0, or a share before the deadline above 100);
	late_warning (a warning not before the deadline: 6.3.e.1), early_alarm (an alarm before it: 6.3.e.2);
	bad_repeat (negative), repeat_without_limit. Context: `step` (its key), `field` ("steps[2].amount") and `value`.
	"""
	keys = Counter(step.key for step in steps)
	for index, step in enumerate(steps):
		try:
			_validate(step, keys)
		except DomainError as error:
			raise error.under(f"steps[{index}]") from None


def step_due(step: Step, clock: Clock, calendar: WorkCalendar) -> datetime | None:
	"""The instant at which a step is due by a running clock's budget; None unless the clock is running.

	A share is a share of the target as budget: 20 % before is when 80 % of the target is used. `calendar` is the
	clock's. DomainError "beyond_horizon".
	"""
	if clock.status is not Status.RUNNING:
		return None
	if step.moment is Moment.AT:
		return clock.due
	sign = -1 if step.moment is Moment.BEFORE else 1
	if step.basis is Basis.SHARE:
		distance = max(1, round(clock.target * step.amount / 100))
		return calendar.add(clock.running_since, clock.target + sign * distance - clock.elapsed)
	distance = max(1, round(step.amount * 60))
	if step.basis is Basis.WORKING:
		return calendar.add(clock.due, sign * distance)
	return clock.due + timedelta(seconds=sign * distance)


def plan(
	clock: Clock,
	steps: Sequence[Step],
	commitment: str,
	priority: str,
	calendar: WorkCalendar,
	fired: Iterable[Fired],
	acknowledged: Collection[str],
	now: datetime,
) -> list[Trigger]:
	"""The pending triggers of a clock, at most one a step, sorted by when they are due and then by step order.

	- Only a running clock has any. One overdue is given with its true due: it fires at once.
	- A warning is only for before the deadline (6.3.e.1). When that has passed, the alarm says it better.
	- A step that has fired is due again when its moment has moved past its last firing, by a new target or after a
	  hold, and lies ahead of where the clock last started. A moment that lies in what was used up by then has been told:
	  holding and resuming a late matter does not raise the same alarm again.
	- Otherwise it repeats, `repeat_minutes` after its last firing, while repeats are left and no one has acknowledged.
	  A moved moment ends the old series and begins one of its own, acknowledged or not.
	"""
	if clock.status is not Status.RUNNING:
		return []
	now = instant_at(epoch_seconds(now))
	history: dict[str, list[Fired]] = {}
	for firing in fired:
		history.setdefault(firing.step, []).append(firing)
	triggers = []
	for step in steps:
		if not step.applies_to(commitment, priority):
			continue
		due = step_due(step, clock, calendar)
		firings = history.get(step.key, ())
		if firings:
			due = _due_again(step, due, firings, clock, step.key in acknowledged)
		if due is None or (step.kind is StepKind.WARNING and clock.due <= max(due, now)):
			continue
		triggers.append(Trigger(step.key, max((f.round for f in firings), default=0) + 1, due))
	return sorted(triggers, key=lambda trigger: trigger.due)


def _due_again(
	step: Step, moment: datetime, firings: Sequence[Fired], clock: Clock, acknowledged: bool
) -> datetime | None:
	"""When a step that has fired is due again, if at all."""
	last = max(f.at for f in firings)
	told = moment <= clock.running_since
	if moment > last and not told:
		return moment
	# A hold moves a moment that lies in used time, so which of the firings began its series is no longer known: count
	# them all. Otherwise the first firing at or after the moment began it, and what followed are its repeats.
	repeats = sum(told or f.at >= moment for f in firings) - 1
	if step.repeat_minutes and repeats < step.max_repeats and not acknowledged:
		return last + timedelta(minutes=step.repeat_minutes)
	return None


def _validate(step: Step, keys: Mapping[str, int]) -> None:
	if not step.key:
		raise _bad(step, "missing_key", "key", "A step has no key.")
	if keys[step.key] > 1:
		raise _bad(step, "duplicate_step", "key", "There are two steps {value!r}.")
	if step.kind is StepKind.WARNING and step.moment is not Moment.BEFORE:
		raise _bad(step, "late_warning", "moment", "{step}: a warning comes before the deadline.")
	if step.kind is StepKind.ALARM and step.moment is Moment.BEFORE:
		raise _bad(step, "early_alarm", "moment", "{step}: an alarm comes at the deadline or after it.")
	if step.moment is not Moment.AT and not step.amount > 0:
		raise _bad(step, "bad_amount", "amount", "{step}: {value} is not above 0.")
	if step.moment is Moment.BEFORE and step.basis is Basis.SHARE and step.amount > 100:
		raise _bad(step, "bad_amount", "amount", "{step}: {value} percent before the deadline.")
	for name in ("repeat_minutes", "max_repeats"):
		if getattr(step, name) < 0:
			raise _bad(step, "bad_repeat", name, "{step}: {field} is {value}.")
	if step.repeat_minutes and not step.max_repeats:
		raise _bad(step, "repeat_without_limit", "max_repeats", "{step} would repeat without end.")


def _bad(step: Step, code: str, field: str, message: str) -> DomainError:
	return DomainError(code, message, step=step.key, field=field, value=getattr(step, field))
