"""Which state may follow which: of a handover (6.2.d, 6.3.i) and of a recommendation (6.5.d)."""

from __future__ import annotations

PROPOSED, DECIDED, IN_PROGRESS, DONE, VERIFIED, DROPPED = (
	"Proposed",
	"Decided",
	"In Progress",
	"Done",
	"Verified",
	"Dropped",
)
HANDOVER: dict[str, tuple[str, ...]] = {
	"Proposed": ("Accepted", "Started", "Declined", "Done"),
	"Accepted": ("Started", "Declined", "Done"),
	"Started": ("Done", "Declined"),
	"Done": ("Started",),
	"Declined": ("Proposed",),
}
RECOMMENDATION: dict[str, tuple[str, ...]] = {
	PROPOSED: (DECIDED, DROPPED),
	DECIDED: (IN_PROGRESS, DONE, DROPPED),
	IN_PROGRESS: (DONE, DECIDED, DROPPED),
	DONE: (VERIFIED, IN_PROGRESS),
	VERIFIED: (IN_PROGRESS,),
	DROPPED: (DECIDED,),
}
ADOPTED = ("Adopted", "Adopted in Part")
DEFERRED, DECLINED = "Deferred", "Declined"
DECISIONS = (*ADOPTED, DEFERRED, DECLINED)
CARRIED_OUT = (IN_PROGRESS, DONE, VERIFIED)


def may_follow(table: dict[str, tuple[str, ...]], was: str, state: str) -> bool:
	"""Whether a state may follow another by such a table; a state may always stay."""
	return state == was or state in table[was]


def after_decision(state: str, decision: str) -> str:
	"""The state of a recommendation once the customer has decided, or decided anew.

	Declined it is dropped, deferred it waits; adopted it goes on where it is carried out already.
	"""
	if decision == DECLINED:
		return DROPPED
	if decision == DEFERRED:
		return DECIDED
	return state if state in CARRIED_OUT else DECIDED
