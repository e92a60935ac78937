"""The path of a reviewed document (6.4.b, 6.5.c)."""

import pytest

from ops_delivery.domain.reviewed_path import Path

PLAN = Path(
	phases=("Draft", "Review", "Approved", "Trial", "Closed"),
	same_rank={"Scheduled": "Approved"},
	off_path=("Cancelled",),
	fixed_from={"Proposal": "Review", "Implementation": "Approved"},
)


@pytest.mark.parametrize(
	("phase", "rank"),
	[(None, 0), ("", 0), ("Draft", 0), ("Approved", 2), ("Scheduled", 2), ("Closed", 4), ("Cancelled", None), ("x", None)],
)
def test_a_phase_has_its_place_on_the_path(phase, rank):
	assert PLAN.rank(phase) == rank


@pytest.mark.parametrize(
	("part", "phase", "fixed"),
	[
		("Proposal", "Draft", False),
		("Proposal", "Review", True),
		("Implementation", "Review", False),
		("Implementation", "Scheduled", True),
		("Implementation", "Cancelled", True),
		("", "Review", False),
		("", "Approved", True),
	],
)
def test_each_part_is_fixed_from_its_own_phase_and_the_whole_from_the_last_of_them(part, phase, fixed):
	assert PLAN.is_fixed(part, phase) is fixed


def test_what_there_is():
	assert PLAN.parts == ("Proposal", "Implementation")
	assert PLAN.last_fixed == "Approved"
	assert PLAN.all_phases == ("Draft", "Review", "Approved", "Trial", "Closed", "Scheduled", "Cancelled")
