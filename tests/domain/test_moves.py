"""Which state may follow which: handovers (6.2.d, 6.3.i) and recommendations (6.5.d)."""

import pytest

from ops_delivery.domain import moves


@pytest.mark.parametrize("table", [moves.HANDOVER, moves.RECOMMENDATION])
def test_every_state_can_be_reached_and_a_state_may_stay(table):
	reached = {"Proposed"}
	while more := {after for was in reached for after in table[was]} - reached:
		reached |= more
	assert reached == set(table)
	assert all(moves.may_follow(table, state, state) for state in table)


@pytest.mark.parametrize(
	("was", "state", "may"),
	[
		("Proposed", "Done", True),
		("Accepted", "Proposed", False),
		("Done", "Started", True),
		("Done", "Declined", False),
		("Declined", "Proposed", True),
		("Declined", "Started", False),
	],
)
def test_a_handover_goes_its_way(was, state, may):
	assert moves.may_follow(moves.HANDOVER, was, state) is may


@pytest.mark.parametrize(
	("was", "state", "may"),
	[
		("Proposed", "Done", False),
		("Decided", "Done", True),
		("In Progress", "Verified", False),
		("Done", "Verified", True),
		("Verified", "Done", False),
		("Verified", "In Progress", True),
		("Dropped", "Decided", True),
	],
)
def test_a_recommendation_is_decided_carried_out_and_verified(was, state, may):
	assert moves.may_follow(moves.RECOMMENDATION, was, state) is may


@pytest.mark.parametrize(
	("state", "decision", "after"),
	[
		("Proposed", "Adopted", "Decided"),
		("Proposed", "Declined", "Dropped"),
		("In Progress", "Adopted in Part", "In Progress"),
		("Done", "Adopted", "Done"),
		("Verified", "Adopted", "Verified"),
		("In Progress", "Deferred", "Decided"),
		("Verified", "Declined", "Dropped"),
		("Dropped", "Adopted", "Decided"),
	],
)
def test_a_decision_leads_to_a_state(state, decision, after):
	assert moves.after_decision(state, decision) == after
