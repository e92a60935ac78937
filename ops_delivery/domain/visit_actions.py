"""What people can do with a visit at its present phase, and which of it is the next thing to do (7.2, 7.3).

The form shows it; what each step demands is still asked when it is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ops_delivery.domain.visit import CONFIRMED, PROPOSED, STARTED, Phase, Visit

# what a single tap of the phase settles itself: it bars no other tap, and is no news in the list of what is open
BY_A_TAP = ("not_permitted", "not_outcome", "not_departed", "not_arrived")
ITEM_ACTIONS = {
	PROPOSED: ("drop_item",),
	CONFIRMED: ("start_item", "ask_superior", "leave_item_open"),
	STARTED: ("finish_item", "ask_superior", "leave_item_open"),
}


@dataclass(frozen=True)
class Action:
	"""A step that is offered; `first`: the next thing to do, `quiet`: beside the way."""

	name: str
	first: bool = True
	quiet: bool = False


def actions(visit: Visit, still_open: Collection[str], departed: bool = False, signed: bool = False) -> list[Action]:
	"""The steps to offer, in order. `still_open`: codes of what is open before the next phase; `signed`: the signature holds."""
	phase, told_first = visit.kind.rank(visit.phase), visit.kind.told_first
	quiet = {name: Action(name, False, True) for name in ("cancel", "prepare_again", "wish", "add_leftover", "back_to_work")}

	def settled(*but: str) -> bool:
		return all(code in but for code in still_open)

	if phase == Phase.PLANNED:
		asked = "not_details_confirmed" in still_open
		return [Action("confirm_details") if asked else Action("prepare", settled()), quiet["cancel"]]
	if phase == Phase.PREPARED:
		if told_first and not departed:
			return [Action("depart"), quiet["prepare_again"], quiet["cancel"]]
		return [Action("arrive"), *([] if told_first else [quiet["prepare_again"]]), quiet["cancel"]]
	if phase == Phase.PRESENT:
		arrival = "not_arrival_confirmed" in still_open
		proposed = any(state == PROPOSED for _work, state in visit.items)
		to_confirm = "not_work_confirmed" in still_open or proposed
		work = Action("confirm_work", not arrival) if to_confirm else Action("finish_work", settled("not_outcome"))
		return [*([Action("confirm_arrival")] if arrival else []), work, quiet["wish"], quiet["add_leftover"]]
	if phase == Phase.WORK_DONE:
		sign = [Action("sign", not signed)] if visit.kind.signed else []
		return [*sign, Action("leave", settled("not_permitted")), quiet["add_leftover"], quiet["back_to_work"]]
	if phase == Phase.LEFT:
		return [Action("follow_up", settled())]
	return []


def of_item(visit: Visit, state: str) -> tuple[str, ...]:
	"""What can be done with a work item in that state; nothing but while the engineer is there."""
	return ITEM_ACTIONS.get(state, ()) if visit.kind.rank(visit.phase) == Phase.PRESENT else ()
