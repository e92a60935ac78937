"""The way of an optimization plan: which phase is worked towards, and which may follow only another (6.4, 8.5)."""

from __future__ import annotations

PROPOSAL_REVIEW, PROPOSAL_APPROVED = "Proposal Review", "Proposal Approved"
IMPLEMENTATION_REVIEW, APPROVED = "Implementation Review", "Approved"
IN_PROGRESS, TRIAL_RUN, CLOSED = "In Progress", "Trial Run", "Closed"
ROLLED_BACK, CANCELLED = "Rolled Back", "Cancelled"

# from a phase, the next one whose demands are worth showing; a review shows its own
_AHEAD = {
	"Draft": PROPOSAL_REVIEW,
	PROPOSAL_REVIEW: PROPOSAL_REVIEW,
	PROPOSAL_APPROVED: IMPLEMENTATION_REVIEW,
	IMPLEMENTATION_REVIEW: IMPLEMENTATION_REVIEW,
	APPROVED: IN_PROGRESS,
	IN_PROGRESS: TRIAL_RUN,
	TRIAL_RUN: CLOSED,
}
# only what was begun is rolled back, and only what was on trial is closed
_ONLY_AFTER = {ROLLED_BACK: (IN_PROGRESS, TRIAL_RUN), CLOSED: (TRIAL_RUN,)}


def next_phase(phase: str) -> str | None:
	"""The phase after this one whose demands are worth showing; None at the end and off the path."""
	return _AHEAD.get(phase)


def may_follow(phase: str, was: str) -> bool:
	"""Whether a plan that was in one phase may enter another, as far as the order of work and trial says."""
	return was in _ONLY_AFTER.get(phase, (was,))
