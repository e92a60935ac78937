"""What a record as it stands now makes of one of its clocks (clauses 5.3.d, 6.3.b): the one decision that a site takes with every
save and the replay with every row of a log.

The case at hand says what is so of the record, asked no further than it matters, and lets the events happen; the order of
questions and events is decided here alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ops_delivery.domain.clock import Clock, Kind, Status, reinstate_at
from ops_delivery.domain.promises import Promised


class Case(Protocol):
	"""One clock of one record at one moment. `clock` is None until it has started, and moves with what happens."""

	clock: Clock | None
	now: datetime

	def promised(self) -> Promised | None:
		"""What the terms promise by now; None where nothing is promised."""

	def is_cancelled(self) -> bool:
		"""Whether the record is no longer to be measured, whatever is promised."""

	def is_begun(self) -> bool:
		"""Whether the record is to be measured."""

	def may_begin(self, promised: Promised) -> bool:
		"""Whether a first clock may begin under that promise."""

	def is_reset(self) -> bool:
		"""Whether the clock is to begin anew from now."""

	def is_met(self) -> bool:
		"""Whether what was promised is done."""

	def is_held(self) -> bool:
		"""Whether the record waits for somebody else."""

	def goes_on(self) -> bool:
		"""Whether a clock that stands still goes on."""

	def begun_at(self) -> datetime:
		"""From when a first clock counts."""

	def met_at(self) -> datetime:
		"""When it was done that is done by now."""

	def done_since(self) -> datetime | None:
		"""Since when it is done, where it was so before this moment."""

	def stood_still(self) -> bool:
		"""Whether the clock stood still when it was cancelled."""

	def go_by(self, promised: Promised, at: datetime) -> None:
		"""Let happen what changes() says from that moment on, and go by these terms."""

	def happen(self, kind: Kind, at: datetime, promised: Promised | None = None) -> None:
		"""Let one event happen to the clock."""


def advance(case: Case) -> None:
	"""Let happen to a clock what its record says by now."""
	promised = case.promised()
	cancelled = not promised or case.is_cancelled()
	status = case.clock.status if case.clock else None
	if status in (None, Status.CANCELLED):
		if cancelled or not case.is_begun():
			return
		if case.clock:
			_reinstate(case, promised)
		elif case.may_begin(promised):
			case.happen(Kind.START, case.begun_at(), promised)
		else:
			return
	elif cancelled:
		if status is not Status.MET:
			_cancel(case)
		return
	elif case.is_reset():
		case.happen(Kind.RESET, case.now, promised)
	if not case.is_met():
		_go_on(case, promised)
	elif case.clock.status is not Status.MET:
		case.go_by(promised, case.now)
		case.happen(Kind.MET, case.met_at())


def changes(clock: Clock, promised: Promised, otherwise: bool) -> list[Kind]:
	"""What of a clock's terms is another now, in the order in which it happens. `otherwise`: it is ruled by something else
	(another priority, agreement or policy), which a ledger says even where target and calendar stay."""
	found = []
	if clock.target != promised.seconds:
		found.append(Kind.TARGET)
	if clock.calendar != promised.calendar:
		found.append(Kind.CALENDAR)
	return found or ([Kind.TARGET] if otherwise else [])


def forwards(earliest: datetime | None, moment: datetime, now: datetime) -> datetime:
	"""A ledger runs forwards: a moment before its last line counts from that line, one to come from now."""
	moment = min(moment, now)
	return max(moment, earliest) if earliest else moment


def _reinstate(case: Case, promised: Promised) -> None:
	"""What is promised again goes on with what was used; what was done meanwhile is met then."""
	case.happen(Kind.REINSTATED, reinstate_at(case.clock, case.stood_still(), case.now))
	if case.is_met() and (done := case.done_since()):
		again = case.clock.last_event_at
		case.go_by(promised, again)
		case.happen(Kind.MET, forwards(again, done, case.now))


def _cancel(case: Case) -> None:
	"""Where it is to stand still from now on as well, the ledger says so first: reinstating goes by that."""
	if case.clock.status is Status.RUNNING and case.is_held():
		case.happen(Kind.PAUSE, case.now)
	case.happen(Kind.CANCELLED, case.now)


def _go_on(case: Case, promised: Promised) -> None:
	if case.clock.status is Status.MET:
		case.happen(Kind.REOPENED, case.now)
	case.go_by(promised, case.now)
	if case.clock.status is not Status.PAUSED:
		if case.is_held():
			case.happen(Kind.PAUSE, case.now)
	elif case.goes_on():
		case.happen(Kind.RESUME, case.now)
