"""What makes a request a major incident: the agreement's rule, and what a manager decides against it (8.4.b.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

DECLARED, WITHDRAWN = "Declared", "Withdrawn"
DECISIONS = (DECLARED, WITHDRAWN)
# what is noted on the report: a decision, or that the rule was met or is met no longer
BY_RULE, NO_LONGER = "By the Agreement", "No Longer"
COMPILING, IN_REVIEW, PUBLISHED, CANCELLED = "Compiling", "In Review", "Published", "Cancelled"
PATH, OFF_PATH = (COMPILING, IN_REVIEW, PUBLISHED), (CANCELLED,)
STEPS: dict[str, tuple[str, ...]] = {
	COMPILING: (IN_REVIEW, CANCELLED),
	IN_REVIEW: (PUBLISHED, COMPILING, CANCELLED),
	PUBLISHED: (COMPILING,),
	CANCELLED: (COMPILING,),
}


def place(order: Sequence[str], priority: str | None) -> int | None:
	"""The place of a priority among those of a matrix (lowest first), 1 for the highest; None for one that is not in it."""
	return len(order) - order.index(priority) if priority in order else None


def at_least(order: Sequence[str], priority: str | None, least: str | None) -> bool:
	"""Whether a priority is `least` or a higher one; `least` None: the highest of the matrix."""
	reached, asked = place(order, priority), place(order, least) if least else 1
	return reached is not None and asked is not None and reached <= asked


def stands(by_rule: bool, decision: str | None) -> bool:
	"""Whether a request is major: as a manager decided, else by the rule."""
	return {DECLARED: True, WITHDRAWN: False}.get(decision or "", by_rule)


def minutes_down(reported: datetime, restored: datetime | None, now: datetime) -> int:
	"""Whole minutes for which the service was down: from the report to the restoration, or until now."""
	return max(0, int(((restored or now) - reported).total_seconds() // 60))


def may_follow(was: str, now: str, was_published: bool = False) -> bool:
	"""Whether a phase of the report may follow another; each may stay. What was published once is revised, and not cancelled."""
	return was == now or (now in STEPS[was] and not (now == CANCELLED and was_published))
