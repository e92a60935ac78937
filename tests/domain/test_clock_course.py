"""What a record as it stands now makes of its clock: one decision, for the site and for the replay (5.3.d, 6.3.b)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest

from ops_delivery.domain import clock as clocks
from ops_delivery.domain import clock_course
from ops_delivery.domain.clock import Clock, Event, Kind, Status
from ops_delivery.domain.promises import Promised
from tests.domain.samples import ALWAYS

pytestmark = pytest.mark.clause("5.3.d")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
HIGH, MEDIUM = Promised(8 * 3600, "week"), Promised(24 * 3600, "week")
CALENDARS = {"week": ALWAYS, "other": ALWAYS}


@dataclass
class Record:
	"""A case whose facts a test sets; what happened is listed."""

	terms: Promised | None = HIGH
	cancelled: bool = False
	begun: bool = True
	allowed: bool = True
	reset: bool = False
	met: bool = False
	held: bool = False
	done: datetime | None = None
	ruled_otherwise: bool = False
	clock: Clock | None = None
	now: datetime = MONDAY
	ledger: list[Kind] = field(default_factory=list)

	def look(self, hours: float = 0, **facts) -> str:
		"""The record stands so, that many hours after Monday nine o'clock; what happens to its clock by that."""
		self.now = MONDAY + timedelta(hours=hours)
		for name, value in facts.items():
			setattr(self, name, value)
		before = len(self.ledger)
		clock_course.advance(self)
		return ", ".join(kind.value for kind in self.ledger[before:])

	def promised(self):
		return self.terms

	def is_cancelled(self):
		return self.cancelled

	def is_begun(self):
		return self.begun

	def may_begin(self, promised):
		return self.allowed

	def is_reset(self):
		return self.reset

	def is_met(self):
		return self.met

	def is_held(self):
		return self.held

	def goes_on(self):
		return not self.held

	def begun_at(self):
		return MONDAY

	def met_at(self):
		return self.now

	def done_since(self):
		return self.done

	def stood_still(self):
		return clocks.stood_still(self.ledger)

	def go_by(self, promised, at):
		otherwise, self.ruled_otherwise = self.ruled_otherwise, False
		for kind in clock_course.changes(self.clock, promised, otherwise):
			self.happen(kind, at, promised)

	def happen(self, kind, at, promised=None):
		self.ledger.append(kind)
		self.clock = clocks.apply(self.clock, Event(kind, at, *(promised or (None, None))), CALENDARS)


def test_it_begins_once_it_is_to_be_measured_and_something_is_promised():
	assert Record().look(begun=False) == Record().look(terms=None) == Record().look(allowed=False) == ""
	assert Record().look(cancelled=True) == ""
	record = Record()
	assert record.look(1) == "Start"
	assert record.clock.started == MONDAY and record.look(2) == ""


def test_what_is_done_already_when_it_begins_is_met_at_once():
	assert Record().look(1, met=True) == "Start, Met"


def test_it_stands_still_while_it_is_held_and_goes_on():
	record = Record()
	assert record.look(0) == "Start"
	assert record.look(1, held=True) == "Pause" and record.look(2) == ""
	assert record.look(3, held=False) == "Resume"
	assert record.look(4, met=True, held=True) == "Met" and record.look(5) == ""
	assert record.clock.elapsed == 2 * 3600


def test_what_was_met_is_reopened_and_may_stand_still_at_once():
	record = Record()
	record.look(0), record.look(1, met=True)
	assert record.look(2, met=False, held=True) == "Reopened, Pause"


def test_what_was_met_stays_so_when_nothing_is_promised_any_more():
	record = Record()
	record.look(0), record.look(1, met=True)
	assert record.look(2, terms=None) == ""
	assert record.look(3, met=False) == "", "and when it is reopened under no promise"
	assert record.clock.status is Status.MET
	assert record.look(4, terms=MEDIUM) == "Reopened, Target Change"


def test_it_is_cancelled_without_a_promise_and_goes_on_from_there():
	record = Record()
	record.look(0)
	assert record.look(2, terms=None) == "Cancelled" and record.look(3) == ""
	assert record.look(4, terms=HIGH) == "Reinstated"
	assert record.clock.elapsed_at(record.now, CALENDARS) == 4 * 3600, "the customer waited all the while"


def test_what_is_held_in_the_moment_it_is_cancelled_goes_on_from_its_reinstatement():
	record = Record()
	record.look(0)
	assert record.look(2, terms=None, held=True) == "Pause, Cancelled"
	assert record.look(4, terms=HIGH, held=False) == "Reinstated"
	assert record.clock.elapsed_at(record.now, CALENDARS) == 2 * 3600


def test_what_was_done_while_nothing_was_promised_is_met_then():
	record = Record()
	record.look(0), record.look(1, terms=None)
	record.look(3, met=True)
	assert record.look(5, terms=MEDIUM, done=MONDAY + timedelta(hours=3)) == "Reinstated, Target Change, Met"
	assert record.clock.stopped == MONDAY + timedelta(hours=3)


def test_what_is_done_with_the_new_promise_is_met_now():
	record = Record()
	record.look(0), record.look(1, terms=None)
	assert record.look(5, terms=HIGH, met=True, done=None) == "Reinstated, Met"
	assert record.clock.stopped == record.now


def test_another_promise_changes_what_differs_and_a_ledger_says_what_else_rules():
	record = Record()
	record.look(0)
	assert record.look(1, terms=MEDIUM) == "Target Change"
	assert record.look(2, terms=MEDIUM._replace(calendar="other")) == "Calendar Change"
	assert record.look(3, terms=HIGH) == "Target Change, Calendar Change"
	assert record.look(4, ruled_otherwise=True) == "Target Change", "the same one"
	assert record.clock.target == HIGH.seconds


def test_a_reset_begins_anew_and_a_cancelled_one_ends():
	record = Record()
	record.look(0)
	assert record.look(2, reset=True) == "Reset" and record.clock.elapsed == 0
	assert record.look(3, reset=False, cancelled=True) == "Cancelled"
	assert record.look(4, cancelled=False, begun=False) == "", "it has to be measured, too"


def test_a_ledger_runs_forwards():
	early, late = MONDAY, MONDAY + timedelta(hours=2)
	now = MONDAY + timedelta(hours=1)
	assert clock_course.forwards(None, late, now) == now
	assert clock_course.forwards(now, early, late) == now
	assert clock_course.forwards(None, early, now) == early
