"""The life of a service report: which step may follow which, and what a period of a kind is (8.3.b.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ops_delivery.domain.periods import Span, whole_months

COMPILING, IN_REVIEW, PUBLISHED, CONFIRMED = "Compiling", "In Review", "Published", "Confirmed"
CANCELLED = "Cancelled"
PATH, OFF_PATH = (COMPILING, IN_REVIEW, PUBLISHED, CONFIRMED), (CANCELLED,)
OPEN, SHOWN = (COMPILING, IN_REVIEW), (PUBLISHED, CONFIRMED)
STEPS: Mapping[str, tuple[str, ...]] = {
	COMPILING: (IN_REVIEW, CANCELLED),
	IN_REVIEW: (PUBLISHED, COMPILING, CANCELLED),
	PUBLISHED: (CONFIRMED, COMPILING),
	CONFIRMED: (COMPILING,),
	CANCELLED: (COMPILING,),
}
MONTHS: Mapping[str, int] = {"Month": 1, "Quarter": 3, "Half-Year": 6, "Year": 12}
WAITING, RUNNING, MADE, FAILED = "Waiting", "Running", "Made", "Failed"
QUIET = 180  # seconds without a sign, after which a making counts as dead
UNBEGUN = 1800  # seconds after which one that nobody has begun may be asked for again


def may_follow(was: str, now: str, was_published: bool = False) -> bool:
	"""Whether a phase may follow another; each may stay. Back to Compiling from Published is a revision, the next version.

	`was_published`: some version of it was. That is not cancelled any more, as the customer has it.
	"""
	return was == now or (now in STEPS[was] and not (now == CANCELLED and was_published))


def fits(kind: str, first: date, last: date) -> bool:
	"""Whether days are as long as a period of that kind: so many whole months, from whichever day on. Any are for another kind."""
	return kind not in MONTHS or whole_months(Span(first, last)) == MONTHS[kind]


def is_alive(state: str | None, quiet: float | None) -> bool:
	"""Whether the figures are being made: `quiet` seconds after the last sign of it (None: there was none)."""
	if state == WAITING:
		return quiet is not None and quiet < UNBEGUN
	return state == RUNNING and quiet is not None and quiet < QUIET
