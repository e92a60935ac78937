"""The work items of a visit: what becomes of one by what is done with it (clauses 7.2.b.2, 7.2.b.5, 7.2.b.6)."""

from __future__ import annotations

from collections.abc import Mapping

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.visit import CONFIRMED, DONE, DROPPED, LEFT_OPEN, PROPOSED, STARTED, STOPPED

MOVES: Mapping[tuple[str, str], str] = {
	(PROPOSED, "confirm"): CONFIRMED,
	(PROPOSED, "drop"): DROPPED,
	(PROPOSED, "stop"): STOPPED,
	(CONFIRMED, "start"): STARTED,
	(CONFIRMED, "stop"): STOPPED,
	(CONFIRMED, "leave_open"): LEFT_OPEN,
	(STARTED, "finish"): DONE,
	(STARTED, "stop"): STOPPED,
	(STARTED, "leave_open"): LEFT_OPEN,
	(STOPPED, "grant"): CONFIRMED,
	(STOPPED, "decline"): LEFT_OPEN,
	(STOPPED, "drop"): DROPPED,
}


def move(item: str, action: str, work: str = "") -> str:
	"""The state of a work item after an action. DomainError item_not_confirmed, item_stopped or item_ended."""
	if (item, action) in MOVES:
		return MOVES[item, action]
	if item == PROPOSED:
		raise DomainError(
			"item_not_confirmed", "{work}: not confirmed with the customer yet.", work=work, state=item
		)
	if item == STOPPED:
		raise DomainError(
			"item_stopped", "{work}: stopped until the superior answers.", work=work, state=item
		)
	raise DomainError("item_ended", "{work} is {state}.", work=work, state=item)
