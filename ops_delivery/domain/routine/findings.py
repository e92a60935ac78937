"""A finding: what was seen abnormal or at risk at a step of an object, from when it was seen until somebody closes it.

Its facts follow from the readings that belong to it; people take it in hand, accept a risk, and close it. One that is not
closed is the same finding, whatever is read meanwhile.

Written for clauses 6.2.b.5, 6.2.d, 8.3.a.2, 8.3.a.3 and 8.3.b.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ops_delivery.domain.routine.normal_state import ABNORMAL, AT_RISK, NORMAL

OPEN, IN_HAND, ACCEPTED, BACK, CLOSED = "Open", "In Hand", "Risk Accepted", "Back to Normal", "Closed"
LIVE = (OPEN, IN_HAND, ACCEPTED, BACK)
STANDING = (OPEN, IN_HAND, ACCEPTED)  # the fault or the risk is still there
NORMAL_AGAIN, REMOVED, TAKEN_BACK = "Normal Again", "Removed", "Taken Back"
BAD = (AT_RISK, ABNORMAL)

# what the manual has follow, outside routine operation: nothing, still to be done, under way, over
NOTHING, WANTED, UNDER_WAY, OVER = "", "Wanted", "Under Way", "Over"

# which states a person may lead a finding to; readings lead back to Open or to Back to Normal
MOVES: dict[str, tuple[str, ...]] = {
	OPEN: (IN_HAND, ACCEPTED, CLOSED),
	IN_HAND: (ACCEPTED, CLOSED),
	ACCEPTED: (IN_HAND, CLOSED),
	BACK: (CLOSED,),
	CLOSED: (),
}


@dataclass(frozen=True)
class Seen:
	"""A reading that says something of the state: when it was taken, and what it says (normal_state.JUDGED)."""

	at: datetime
	state: str


@dataclass(frozen=True)
class Course:
	"""What the readings of a finding say together. `first`, `last`: the bad ones; `normal`: the one that ended it, if any."""

	first: Seen
	last: Seen
	normal: Seen | None


def course(readings: Iterable[Seen]) -> Course | None:
	"""The course of a finding by its readings in any order; None where none of them is bad, so there was no finding.

	Of readings of one moment the bad one holds. What was normal before the first bad one says nothing.
	"""
	rows = sorted(readings, key=lambda row: (row.at, row.state in BAD))
	bad = [row for row in rows if row.state in BAD]
	if not bad:
		return None
	after = [row for row in rows if row.state == NORMAL and row.at > bad[-1].at]
	return Course(bad[0], bad[-1], after[0] if after else None)


def after_readings(status: str, was: str | None, found: Course, taken: bool) -> str:
	"""The state of a finding that is not closed, by its course. `was`: what its last bad reading said before; `taken`: somebody
	has taken it in hand.

	A risk that was accepted stays so while it is a risk; what grows abnormal was not accepted.
	"""
	if status == CLOSED:
		return CLOSED
	if found.normal:
		return BACK
	if status == BACK or (status == ACCEPTED and found.last.state == ABNORMAL and was != ABNORMAL):
		return IN_HAND if taken else OPEN
	return status


def may_move(status: str, to: str, state: str) -> bool:
	"""Whether a person may lead a finding there; only a risk can be accepted, what is abnormal cannot."""
	return to in MOVES[status] and (to != ACCEPTED or state == AT_RISK)


def outcome(status: str) -> str:
	"""How a finding ended that is closed in that state: a normal reading showed it, or a person says so."""
	return NORMAL_AGAIN if status == BACK else REMOVED


def follow_up(stage: str, asked: str, asks: str, worse: bool, relapsed: bool) -> tuple[str, str]:
	"""How far that is what the manual has follow, and what it is, now that the readings have moved on.

	`asks`: what the manual has follow for the state as it is now ("" for nothing). As long as nothing was begun it follows the
	state. What was begun is begun once; another is begun where a `worse` state asks for something else, or where it was over
	and the state fell back (`relapsed`).
	"""
	if stage in (NOTHING, WANTED):
		return (WANTED, asks) if asks else (NOTHING, "")
	if asks and ((worse and asks != asked) or (stage == OVER and relapsed)):
		return WANTED, asks
	return stage, asked
