"""The way of an optimization plan (6.4, 8.5)."""

import pytest

from ops_delivery.domain import optimization as plan


@pytest.mark.parametrize(
	("phase", "ahead"),
	[
		("Draft", "Proposal Review"),
		("Proposal Review", "Proposal Review"),
		("Proposal Approved", "Implementation Review"),
		("Approved", "In Progress"),
		("In Progress", "Trial Run"),
		("Trial Run", "Closed"),
		("Closed", None),
		("Rolled Back", None),
	],
)
def test_what_comes_next(phase, ahead):
	assert plan.next_phase(phase) == ahead


@pytest.mark.parametrize(
	("was", "phase", "may"),
	[
		("In Progress", "Rolled Back", True),
		("Trial Run", "Rolled Back", True),
		("Approved", "Rolled Back", False),
		("Closed", "Rolled Back", False),
		("Trial Run", "Closed", True),
		("In Progress", "Closed", False),
		("Rolled Back", "Closed", False),
		("Rolled Back", "Draft", True),
		("Draft", "Cancelled", True),
	],
)
def test_only_what_was_begun_is_rolled_back_and_only_what_was_on_trial_closed(was, phase, may):
	assert plan.may_follow(phase, was) is may
