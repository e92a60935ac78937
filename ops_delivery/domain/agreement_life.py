"""An agreement after it was signed: how long it rules, what it is called by its days, when its end is told of (5.2, 6.3.a).

A decision (suspended, terminated, superseded) stands whatever the days say. What was signed is never touched: an early end
and a renewal by the agreement's own clause are days beside the signed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SCHEDULED, ACTIVE, EXPIRED = "Scheduled", "Active", "Expired"
SUSPENDED, TERMINATED, SUPERSEDED = "Suspended", "Terminated", "Superseded"
IN_FORCE = (ACTIVE, SCHEDULED, EXPIRED)  # by its days it rules, will rule or has ruled
DECIDED = (SUSPENDED, TERMINATED, SUPERSEDED)


@dataclass(frozen=True)
class Term:
	"""How long a signed version rules."""

	start: date
	signed_end: date
	renewed_until: date | None = None
	ended_early: date | None = None

	@property
	def last_day(self) -> date:
		"""The last day on which it rules: ended early, renewed by its own clause, or as signed."""
		return self.ended_early or self.renewed_until or self.signed_end


@dataclass(frozen=True)
class Renewal:
	"""What was agreed on going on by itself, and whether somebody objected."""

	agreed: bool = False
	months: int = 0
	notice_days: int = 0
	stopped: bool = False


def status_on(term: Term, status: str, day: date) -> str:
	"""The status of a signed version on a day; a decision stands."""
	if status in DECIDED:
		return status
	if term.start > day:
		return SCHEDULED
	if term.last_day >= day:
		return ACTIVE
	return TERMINATED if term.ended_early else EXPIRED


def renews(term: Term, renewal: Renewal, is_followed: bool) -> bool:
	"""Whether it goes on by itself after its last day: agreed, not objected to, not ended early, not followed already."""
	wanted = renewal.agreed and renewal.months > 0 and not renewal.stopped
	return wanted and not term.ended_early and not is_followed


def objection_until(term: Term, renewal: Renewal) -> date:
	"""The last day on which a party may object to the renewal."""
	return term.last_day - timedelta(days=renewal.notice_days)


def reminder_due(steps: Sequence[int], left: int, told: int) -> int | None:
	"""Which of the steps (days before the day to act) is due with `left` days to go, where `told` was the last one (0: none).

	A day that was missed is made up for, and nobody is told twice of the same step.
	"""
	if left < 0:
		return None
	reached = [step for step in steps if left <= step]
	if not reached or (told and min(reached) >= told):
		return None
	return min(reached)
