"""The life of an improvement action: from a finding to an effect that was checked, and told to the customer (5.5.b, 5.5.c, 5.5.f).

An action may stand in a state only while everything the states up to it demand is there, so it does not matter by
which way it came to stand there.
"""

from __future__ import annotations

from dataclasses import dataclass

from ops_delivery.domain.errors import DomainError

OPEN, INVESTIGATING, MEASURES, EFFECT_CHECK, CLOSED = PATH = (
	"Open",
	"Investigating",
	"Measures",
	"Effect Check",
	"Closed",
)
WITHDRAWN = "Withdrawn"
STATES = (*PATH, WITHDRAWN)
ENDED = (CLOSED, WITHDRAWN)

TO_DO, DONE, NOT_NEEDED = "To Do", "Done", "Not Needed"  # asking the customer
EFFECTIVE, NOT_EFFECTIVE = "Effective", "Not Effective"
CONFIRMED, NOT_SATISFIED = "Confirmed", "Not Satisfied"
M_OPEN, M_IN_PROGRESS, M_DONE, M_DROPPED = MEASURE_STATES = ("Open", "In Progress", "Done", "Dropped")


@dataclass(frozen=True)
class Measure:
	"""One measure: whether it has an owner and a day, its state, and whether a result is written."""

	text: str
	owned: bool = False
	dated: bool = False
	state: str = M_OPEN
	result: bool = False


@dataclass(frozen=True)
class Action:
	"""An improvement action as it stands. Texts count only as given or not.

	`for_customer`: there is a customer who is asked and told; `last_check` "" while the effect was not checked in this
	round; `answer` the customer's, "" while there is none.
	"""

	state: str = OPEN
	owned: bool = False
	dated: bool = False
	for_customer: bool = False
	asked: str = TO_DO
	asked_fully: bool = False  # with whom, when and what; or why it is not needed
	cause: bool = False
	measures: tuple[Measure, ...] = ()
	effect_planned: bool = False  # how and until when
	last_check: str = ""
	told: bool = False
	answer: str = ""
	withdrawn_reason: bool = False


@dataclass(frozen=True)
class Missing:
	"""One thing that is missing for a state: a code of this module, and the measure it is about."""

	code: str
	subject: str = ""


def missing(action: Action, state: str) -> list[Missing]:
	"""What an action lacks to stand in a state; empty when nothing. DomainError unknown_improvement_state."""
	if state not in STATES:
		raise DomainError("unknown_improvement_state", "{value} is not a state", value=state)
	if state == WITHDRAWN:
		return [] if action.withdrawn_reason else [Missing("no_reason")]
	reached = PATH[: PATH.index(state) + 1]
	found: list[Missing] = []
	if INVESTIGATING in reached:
		found += [Missing("no_owner")] if not action.owned else []
		found += [Missing("no_due_date")] if not action.dated else []
	if MEASURES in reached:
		found += _known(action)
	if EFFECT_CHECK in reached:
		found += _carried_out(action)
	if CLOSED in reached:
		found += _proven(action)
	return found


def _known(action: Action) -> list[Missing]:
	"""The investigation is over: the customer was asked, the cause is found, measures have owners and days."""
	found = []
	if action.asked == NOT_NEEDED:
		found += [] if action.asked_fully else [Missing("not_needed_why")]
	elif action.for_customer and not (action.asked == DONE and action.asked_fully):
		found.append(Missing("customer_not_asked"))
	if not action.cause:
		found.append(Missing("no_cause"))
	if not action.measures:
		found.append(Missing("no_measures"))
	for row in action.measures:
		if row.state != M_DROPPED and not (row.owned and row.dated):
			found.append(Missing("measure_not_owned", row.text))
	return found


def _carried_out(action: Action) -> list[Missing]:
	"""Every measure has ended with a result, at least one was carried out, and the check of the effect is planned."""
	found = [
		Missing("measure_open", row.text) for row in action.measures if row.state not in (M_DONE, M_DROPPED)
	]
	found += [
		Missing("measure_without_result", row.text)
		for row in action.measures
		if row.state in (M_DONE, M_DROPPED) and not row.result
	]
	if action.measures and all(row.state == M_DROPPED for row in action.measures):
		found.append(Missing("all_dropped"))
	if not action.effect_planned:
		found.append(Missing("effect_not_planned"))
	return found


def _proven(action: Action) -> list[Missing]:
	found = [] if action.last_check == EFFECTIVE else [Missing("effect_not_proven")]
	if action.for_customer and action.asked != NOT_NEEDED:
		if not action.told:
			found.append(Missing("customer_not_told"))
		elif action.answer != CONFIRMED:
			found.append(Missing("customer_not_confirmed"))
	return found


def check_step(was: str, now: str) -> None:
	"""Refuse a change of state that skips one. Back is possible to Investigating or Measures, withdrawing from anywhere
	before the end; a closed action is opened again only to be investigated.

	DomainError unknown_improvement_state, improvement_withdrawn, improvement_skipped.
	"""
	for state in (was, now):
		if state not in STATES:
			raise DomainError("unknown_improvement_state", "{value} is not a state", value=state)
	if was == now:
		return
	if was == WITHDRAWN:
		raise DomainError("improvement_withdrawn", "a withdrawn action stays so", state=was)
	if now == WITHDRAWN:
		if was == CLOSED:
			raise DomainError("improvement_closed", "a closed action cannot be withdrawn", state=was)
		return
	here, there = PATH.index(was), PATH.index(now)
	back = there < here and now in ((INVESTIGATING,) if was == CLOSED else (INVESTIGATING, MEASURES))
	if there != here + 1 and not back:
		allowed = PATH[here + 1] if was != CLOSED else INVESTIGATING
		raise DomainError(
			"improvement_skipped", "from {state} it goes to {next}", state=was, next=allowed, wanted=now
		)
