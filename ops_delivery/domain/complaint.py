"""The life of a complaint: received, acknowledged, investigated, its result told, accepted or appealed (5.4.d, 5.5.c)."""

from __future__ import annotations

from ops_delivery.domain.errors import DomainError

RECEIVED, ACKNOWLEDGED, INVESTIGATING, TOLD, APPEALED, CLOSED, WITHDRAWN = PHASES = (
	"Received",
	"Acknowledged",
	"Under Investigation",
	"Result Told",
	"Appealed",
	"Closed",
	"Withdrawn",
)
ENDED = (CLOSED, WITHDRAWN)
LIVE = PHASES[:5]
ACCEPTED, APPEAL = "Accepted", "Appealed"
RESULTS = ("Justified", "Partly Justified", "Not Justified")

_NEXT = {
	RECEIVED: (ACKNOWLEDGED, WITHDRAWN),
	ACKNOWLEDGED: (INVESTIGATING, WITHDRAWN),
	INVESTIGATING: (TOLD, WITHDRAWN),
	TOLD: (CLOSED, APPEALED),
	APPEALED: (INVESTIGATING, WITHDRAWN),
	CLOSED: (),
	WITHDRAWN: (),
}


def check_step(was: str, now: str) -> None:
	"""Refuse a phase that does not follow. DomainError complaint_ended, complaint_step."""
	if now in _NEXT.get(was, ()):
		return
	if was in ENDED:
		raise DomainError("complaint_ended", "it is {phase}", phase=was)
	raise DomainError(
		"complaint_step",
		"from {phase} it goes on to {next}",
		phase=was,
		next=_NEXT.get(was, ("",))[0],
		wanted=now,
	)


def may_appeal(round_: int, most_appeals: int) -> bool:
	"""Whether the result of this round (1 is the first) can be appealed, with so many appeals allowed in all."""
	return round_ <= most_appeals
