"""How far an activity is, by what was entered and by the record that carries it out (5.3.a)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import activity_state as states
from ops_delivery.domain.activity_state import Said, Standing
from ops_delivery.domain.planning import CANCELLED, COMPLETED, IN_PROGRESS, NOT_STARTED, ON_HOLD, STATES

TODAY, BEGUN, LATER = date(2026, 3, 10), date(2026, 3, 2), date(2026, 3, 20)
NEW = Standing(NOT_STARTED)
days = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
standings = st.builds(Standing, st.sampled_from(STATES), days, days, st.floats(0, 100))


def settle(entered, before=NEW, own=True, milestone=False):
	return states.settle(entered, before, own, milestone, TODAY)


def test_a_start_or_some_progress_begins_it():
	assert settle(Standing(NOT_STARTED, BEGUN)) == Standing(IN_PROGRESS, BEGUN)
	assert settle(Standing(NOT_STARTED, progress=5)) == Standing(IN_PROGRESS, TODAY, progress=5)


def test_an_end_completes_it_and_an_end_taken_out_begins_it_again():
	done = settle(Standing(IN_PROGRESS, BEGUN, TODAY, 40), Standing(IN_PROGRESS, BEGUN, None, 40))
	assert done == Standing(COMPLETED, BEGUN, TODAY, 100)
	assert settle(Standing(COMPLETED, BEGUN, None, 100), done) == Standing(IN_PROGRESS, BEGUN, None, 99)


def test_an_end_that_stood_there_before_completes_nothing():
	before = Standing(IN_PROGRESS, BEGUN, TODAY, 40)
	assert settle(before, before) == Standing(IN_PROGRESS, BEGUN, None, 40)


def test_completed_by_hand_it_gets_its_days():
	assert settle(Standing(COMPLETED)) == Standing(COMPLETED, TODAY, TODAY, 100)
	assert settle(Standing(COMPLETED, LATER)) == Standing(COMPLETED, LATER, LATER, 100), "it cannot end before it began"
	assert settle(Standing(COMPLETED, None, LATER)) == Standing(COMPLETED, TODAY, LATER, 100)
	assert settle(Standing(COMPLETED, None, LATER), milestone=True) == Standing(COMPLETED, LATER, LATER, 100)


def test_put_back_nothing_of_it_was_done():
	before = Standing(IN_PROGRESS, BEGUN, None, 40)
	assert settle(Standing(NOT_STARTED, BEGUN, None, 40), before) == NEW


def test_on_hold_has_no_end_and_cancelled_keeps_it():
	before = Standing(IN_PROGRESS, BEGUN, TODAY, 40)
	assert settle(Standing(ON_HOLD, BEGUN, TODAY, 40), before).actual_end is None
	assert settle(Standing(CANCELLED, BEGUN, TODAY, 40), before).actual_end == TODAY


def test_what_a_record_carries_out_is_not_moved_by_its_days():
	assert settle(Standing(NOT_STARTED, BEGUN), own=False) == Standing(NOT_STARTED, BEGUN)


@given(standings, standings, st.booleans(), st.booleans())
def test_once_settled_it_stays(entered, before, own, milestone):
	settled = settle(entered, before, own, milestone)
	assert settle(settled, settled, own, milestone) == settled


@given(standings, standings, st.booleans())
def test_what_is_completed_has_both_days_and_all_of_its_progress(entered, before, own):
	settled = settle(entered, before, own)
	if settled.state == COMPLETED:
		assert settled.actual_start and settled.actual_end and settled.progress == 100
	if settled.state == IN_PROGRESS:
		assert settled.actual_start and not settled.actual_end


@pytest.mark.parametrize(
	("doctype", "shown", "share", "said"),
	[
		("Task", "Open", 0, Said(NOT_STARTED, None, "Open")),
		("Task", "Open", 30, Said(IN_PROGRESS, 30, "Open")),
		("Task", "Overdue", 0, Said(None, None, "Overdue")),
		("Task", "Overdue", 30, Said(IN_PROGRESS, 30, "Overdue")),
		("Task", "Working", 100, Said(IN_PROGRESS, 99, "Working")),
		("Task", "Completed", 100, Said(COMPLETED, None, "Completed")),
		("Task", "Cancelled", 30, Said(CANCELLED, 30, "Cancelled")),
		("Project", "Open", 0, Said(None, None, "Open")),
		("Project", "Open", 100, Said(IN_PROGRESS, 99, "Open")),
		("Project", "Completed", 100, Said(COMPLETED, None, "Completed")),
		("Issue", "On Hold", 0, Said(ON_HOLD, None, "On Hold")),
		("Service Handover", "Declined", 0, Said(ON_HOLD, None, "Declined")),
		("Optimization Plan", "Rolled Back", 0, Said(ON_HOLD, None, "Rolled Back")),
		("Consulting Plan", "Draft", 0, Said(None, None, "Draft")),
		("Note", "Open", 50, Said(None, None, "Open")),
	],
)
def test_a_record_says_how_far_its_work_is(doctype, shown, share, said):
	assert states.of_record(doctype, shown, share) == said


def test_a_maintenance_visit_is_done_when_it_was_completed_in_full():
	assert states.of_maintenance_visit(0, "") == Said(NOT_STARTED, None, "Draft")
	assert states.of_maintenance_visit(1, "Partially Completed") == Said(IN_PROGRESS, None, "Partially Completed")
	assert states.of_maintenance_visit(1, "Fully Completed") == Said(COMPLETED, None, "Fully Completed")
	assert states.of_maintenance_visit(2, "Fully Completed") == Said(CANCELLED, None, "Cancelled")


def test_a_maintenance_schedule_is_as_far_as_its_visits():
	done, open_ = "Fully Completed", "Pending"
	assert states.of_maintenance_schedule(0, [done]) == Said(NOT_STARTED, None, "Draft")
	assert states.of_maintenance_schedule(1, []) == Said(NOT_STARTED, 0, "Submitted")
	assert states.of_maintenance_schedule(1, [open_, open_]) == Said(NOT_STARTED, 0, "Submitted")
	assert states.of_maintenance_schedule(1, [done, open_]) == Said(IN_PROGRESS, 50, "Submitted")
	assert states.of_maintenance_schedule(1, [done, done]) == Said(COMPLETED, None, "Completed")
	assert states.of_maintenance_schedule(2, [done, done]) == Said(CANCELLED, None, "Cancelled")
