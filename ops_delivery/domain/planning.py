"""Delivery plans: activities in order, and the plan against what was done (clauses 5.2.b, 5.3.a, 5.4.a).

Dates are calendar dates, durations calendar days; both the first and the last day belong to an activity.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from ops_delivery.domain.errors import DomainError

NOT_STARTED, IN_PROGRESS, COMPLETED, ON_HOLD, CANCELLED = (
	"Not Started",
	"In Progress",
	"Completed",
	"On Hold",
	"Cancelled",
)
STATES = (NOT_STARTED, IN_PROGRESS, COMPLETED, ON_HOLD, CANCELLED)
OVER = (COMPLETED, CANCELLED)

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Activity:
	"""What planning knows of an activity. `progress` is 0 to 1; money is in the plan's currency."""

	name: str
	planned_start: date
	planned_end: date
	state: str = NOT_STARTED
	actual_start: date | None = None
	actual_end: date | None = None
	progress: float = 0.0
	is_milestone: bool = False
	budget: float = 0.0
	cost: float = 0.0
	baseline_end: date | None = None

	@property
	def days(self) -> int:
		"""Planned length in days, at least one."""
		return max(1, (self.planned_end - self.planned_start).days + 1)

	@property
	def done_share(self) -> float:
		"""How much of it is done, 0 to 1."""
		return 1.0 if self.state == COMPLETED else min(1.0, max(0.0, self.progress))


def check_period(start: date, end: date) -> None:
	"""DomainError `end_before_start` where a period ends before it begins."""
	if end < start:
		raise DomainError(
			"end_before_start", "the end {end} lies before the start {start}", start=start, end=end
		)


def check_within(start: date, end: date, first: date, last: date) -> None:
	"""DomainError `outside_period` where a period does not lie within first..last."""
	if start < first or end > last:
		raise DomainError(
			"outside_period",
			"{start} to {end} is not within {first} to {last}",
			start=start,
			end=end,
			first=first,
			last=last,
		)


@dataclass(frozen=True)
class Standing:
	"""How an activity stands on a day. `kind` is one of the codes below, `days` how many days (never negative).

	not_due · not_begun (should have begun `days` ago) · under_way · overdue (should have ended `days` ago) · on_time ·
	done_late · done_early · on_hold · cancelled. `begun` is the days the start came after the planned one (before: < 0).
	"""

	kind: str
	days: int = 0
	begun: int | None = None

	@property
	def is_late(self) -> bool:
		"""Whether somebody has to do something about it, or it ended late."""
		return self.kind in ("not_begun", "overdue", "done_late")


def standing(activity: Activity, today: date) -> Standing:
	"""How an activity stands today against its planned dates."""
	begun = (activity.actual_start - activity.planned_start).days if activity.actual_start else None
	if activity.state == CANCELLED:
		return Standing("cancelled", begun=begun)
	if activity.state == COMPLETED:
		late = ((activity.actual_end or today) - activity.planned_end).days
		kind = "done_late" if late > 0 else "done_early" if late < 0 else "on_time"
		return Standing(kind, abs(late), begun)
	if today > activity.planned_end:
		return Standing("overdue", (today - activity.planned_end).days, begun)
	if activity.state == ON_HOLD:
		return Standing("on_hold", begun=begun)
	if activity.actual_start or activity.state == IN_PROGRESS:
		return Standing("under_way", (activity.planned_end - today).days, begun)
	if today > activity.planned_start:
		return Standing("not_begun", (today - activity.planned_start).days)
	return Standing("not_due", (activity.planned_start - today).days)


def slip(activity: Activity, today: date) -> int:
	"""Days an activity ends after (before: < 0) the end first approved, or the planned one before any approval.

	One still open slips by what its planned end was moved, or by the days it is overdue if that is more.
	"""
	ground = activity.baseline_end or activity.planned_end
	if activity.state == COMPLETED:
		return ((activity.actual_end or today) - ground).days
	expected = activity.planned_end
	if activity.state != CANCELLED and today > expected:
		expected = today
	return (expected - ground).days


def planned_share(activity: Activity, day: date) -> float:
	"""How much of an activity should be done by the end of that day, 0 to 1; a milestone all at once on its last."""
	if day < activity.planned_start:
		return 0.0
	if day >= activity.planned_end:
		return 1.0
	if activity.is_milestone:
		return 0.0
	return ((day - activity.planned_start).days + 1) / activity.days


def done_share(activity: Activity, day: date, today: date) -> float:
	"""How much of an activity was done by the end of that day, 0 to 1: evenly from its actual start to its end or today."""
	share = activity.done_share
	start = activity.actual_start or (activity.actual_end if activity.state == COMPLETED else None)
	if not start or share == 0 or day < start:
		return 0.0
	end = (activity.actual_end or today) if activity.state == COMPLETED else max(today, start)
	if day >= end:
		return share
	if activity.is_milestone:
		return 0.0
	return share * ((day - start).days + 1) / ((end - start).days + 1)


@dataclass(frozen=True)
class Progress:
	"""A plan, or a part of it, on a day. Shares are 0 to 1 of the work by planned days; money by budgets.

	`variance` is earned minus planned share: negative is behind. `planned_value` is the budget of what should be done,
	`earned_value` of what is done, `cost` what it cost, all of activities that are not cancelled but for the cost.
	"""

	activities: int
	completed: int
	under_way: int
	late: int
	not_begun: int
	planned: float
	earned: float
	planned_value: float
	earned_value: float
	budget: float
	cost: float
	milestones: int
	milestones_late: int
	worst_slip: int

	@property
	def variance(self) -> float:
		"""Earned minus planned share of the work; negative is behind."""
		return self.earned - self.planned

	@property
	def schedule_variance(self) -> float:
		"""Earned minus planned value, in money; negative is behind."""
		return self.earned_value - self.planned_value

	@property
	def cost_variance(self) -> float:
		"""Earned value minus cost; negative is dearer than planned."""
		return self.earned_value - self.cost


def progress(activities: Sequence[Activity], today: date) -> Progress:
	"""A plan on a day. Cancelled activities count with their cost only."""
	live = [activity for activity in activities if activity.state != CANCELLED]
	weight = sum(activity.days for activity in live) or 1
	standings = [(activity, standing(activity, today)) for activity in live]
	milestones = [activity for activity in live if activity.is_milestone]
	slips = [slip(activity, today) for activity in milestones]
	return Progress(
		activities=len(live),
		completed=sum(activity.state == COMPLETED for activity in live),
		under_way=sum(activity.state in (IN_PROGRESS, ON_HOLD) for activity in live),
		late=sum(found.kind in ("overdue", "not_begun") for _activity, found in standings),
		not_begun=sum(found.kind == "not_begun" for _activity, found in standings),
		planned=sum(activity.days * planned_share(activity, today) for activity in live) / weight,
		earned=sum(activity.days * activity.done_share for activity in live) / weight,
		planned_value=sum(activity.budget * planned_share(activity, today) for activity in live),
		earned_value=sum(activity.budget * activity.done_share for activity in live),
		budget=sum(activity.budget for activity in live),
		cost=sum(activity.cost for activity in activities),
		milestones=len(milestones),
		milestones_late=sum(days > 0 for days in slips),
		worst_slip=max([0, *slips]),
	)


@dataclass(frozen=True)
class Point:
	"""The planned and the done share of a plan's work by the end of a day; `done` is None after today."""

	day: date
	planned: float
	done: float | None


def curve(activities: Sequence[Activity], today: date, points: int = 24) -> list[Point]:
	"""Planned and done share over the plan's time, in at most that many even steps and today besides."""
	live = [activity for activity in activities if activity.state != CANCELLED]
	if not live:
		return []
	first = min(
		min(activity.planned_start, activity.actual_start or activity.planned_start) for activity in live
	)
	last = max(max(activity.planned_end, activity.actual_end or activity.planned_end) for activity in live)
	span = (last - first).days
	steps = max(1, min(points, span))
	days = {first + timedelta(days=round(span * step / steps)) for step in range(steps + 1)}
	if first < today < last:
		days.add(today)
	weight = sum(activity.days for activity in live)
	return [
		Point(
			day,
			sum(activity.days * planned_share(activity, day) for activity in live) / weight,
			sum(activity.days * done_share(activity, day, today) for activity in live) / weight
			if day <= today
			else None,
		)
		for day in sorted(days)
	]
