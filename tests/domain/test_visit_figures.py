"""Visits in figures, against sums worked out another way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import visit_figures as domain
from tests.domain.samples import stored

VISITS = st.lists(
	st.builds(
		domain.Visit,
		name=st.text("ab", min_size=1, max_size=3),
		arrived=st.booleans(),
		late=st.none() | st.integers(-90, 300),
		work=st.integers(0, 9).map(float),
		travel=st.integers(0, 4).map(float),
		kept=st.none() | st.booleans(),
		first=st.booleans(),
		outcome=st.sampled_from(["", "Job Done", "More to Do"]),
	),
	max_size=12,
)


@pytest.mark.clause("7.2.b.1", "8.4.b.1")
@given(VISITS)
def test_counts_agree_with_a_loop(visits):
	found = domain.summarize(visits)
	late = kept = missed = firsts = done = timed = minutes = 0
	for visit in visits:
		if visit.late is not None:
			timed += 1
			if visit.late > 0:
				late, minutes = late + 1, minutes + visit.late
		if visit.kept is True:
			kept += 1
		elif visit.kept is False:
			missed += 1
		if visit.first and visit.outcome:
			firsts += 1
			done += visit.outcome == "Job Done"
	assert (found.visits, found.late, found.kept, found.missed) == (len(visits), late, kept, missed)
	assert found.punctual == (pytest.approx(1 - late / timed) if timed else None)
	assert found.mean_late == (pytest.approx(minutes / late) if late else None)
	assert found.attainment == (pytest.approx(kept / (kept + missed)) if kept + missed else None)
	assert found.first_done == (pytest.approx(done / firsts) if firsts else None)


@given(VISITS, st.integers(1, 3))
def test_groups_add_up_to_the_whole(visits, groups):
	parts = domain.by((index % groups, visit) for index, visit in enumerate(visits))
	whole = domain.summarize(visits)
	for figure in ("visits", "arrived", "late", "work", "travel", "on_site", "kept", "missed"):
		assert sum(getattr(part, figure) for part in parts.values()) == getattr(whole, figure)


def test_the_first_of_a_matter_is_the_earliest_and_only_one():
	rows = [("A", "v2", 5), ("A", "v1", 3), ("B", "v3", 9), ("A", "v0", 3)]
	assert domain.first_ones(rows) == {"v0", "v3"}
	assert domain.first_ones([]) == set()


def test_a_visit_of_which_nothing_is_noted_adds_nothing():
	found = domain.summarize([domain.Visit("v", arrived=True)])
	assert (found.visits, found.arrived, found.on_site, found.work, found.travel) == (1, 1, 0, 0, 0)
	assert (found.punctual, found.mean_late, found.attainment, found.first_done) == (None, None, None, None)
	assert domain.summarize([domain.Visit("v", arrived=True, outcome=stored("Job Done"))]).first_done == 1
	assert domain.summarize([domain.Visit("v", arrived=True, late=0)]).punctual == 1
