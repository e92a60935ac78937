"""The life of a deliverable, and whether it came in time (8.2.a, 8.2.b, 5.3.e)."""

from __future__ import annotations

from datetime import date

COMPILING, IN_REVIEW, PUBLISHED, ARCHIVED = "Compiling", "In Review", "Published", "Archived"
DESTROYED, CANCELLED = "Destroyed", "Cancelled"
PATH, OFF_PATH = (COMPILING, IN_REVIEW, PUBLISHED, ARCHIVED), (DESTROYED, CANCELLED)
OPEN = (COMPILING, IN_REVIEW)
TANGIBLE, INTANGIBLE = "Tangible", "Intangible"
ON_TIME, LATE = "On Time", "Late"
STEPS: dict[str, tuple[str, ...]] = {
	COMPILING: (IN_REVIEW, CANCELLED),
	IN_REVIEW: (PUBLISHED, COMPILING, CANCELLED),
	PUBLISHED: (ARCHIVED, COMPILING),
	ARCHIVED: (DESTROYED,),
	DESTROYED: (),
	CANCELLED: (COMPILING,),
}


def may_follow(was: str, now: str, was_published: bool = False) -> bool:
	"""Whether a phase may follow another; each may stay. Back to Compiling from Published is a revision, the next version.

	`was_published`: some version of it was. That is not cancelled any more: it is published again, archived, then destroyed.
	"""
	return was == now or (now in STEPS[was] and not (now == CANCELLED and was_published))


def shown_to_customer(audience: str | None, status: str | None) -> bool:
	"""Whether it is for its customer's eyes: published for them, and not put away or under revision (8.2.b)."""
	return audience == "Customer" and status == PUBLISHED


def timeliness(due: date | None, published: date) -> str:
	"""On Time, Late, or "" for what was promised by no day. What is handed over on its last day is in time."""
	if due is None:
		return ""
	return ON_TIME if published <= due else LATE


def days_late(due: date | None, published: date | None, today: date) -> int:
	"""By how many days it is late: until it was published first, or until today while it is not; 0 in time or without a day."""
	if due is None:
		return 0
	return max(0, ((published or today) - due).days)
