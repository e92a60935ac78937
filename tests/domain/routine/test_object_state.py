"""How an object stands follows from the last reading of each of its steps, and from nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.routine.object_state import Run, Standing, Steps, last_run, standing

START = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def steps(state, first=0, last=None, seen=10):
	return Steps(state, START + first * DAY, START + (first if last is None else last) * DAY, START + seen * DAY)


@pytest.mark.parametrize(
	("found", "state", "since", "unseen"),
	[
		([], "not_seen", None, True),
		([steps(None)], "not_seen", 10, False),
		([steps("normal", 1, 4)], "normal", 4, False),
		([steps("normal", 1, 4), steps("at_risk", 3, 6)], "at_risk", 3, False),
		([steps("normal"), steps("at_risk", 1), steps("abnormal", 5, 8)], "abnormal", 5, False),
		([steps("normal", 1, 4, seen=4)], "not_seen", 4, True),
		([steps("at_risk", 1, 4, seen=4)], "at_risk", 1, True),
		([steps("abnormal", 2, 4, seen=4), steps("normal", 1, 1, seen=3)], "abnormal", 2, True),
		([steps("normal", 1, 4, seen=4), steps(None, seen=9)], "normal", 4, False),
		([steps("normal", 1, 4, seen=5)], "normal", 4, False),
	],
)
@pytest.mark.clause("8.3.a.1")
def test_an_object_stands_as_its_worst_step_and_what_is_normal_is_so_only_while_it_is_seen(found, state, since, unseen):
	stands = standing(found, START + 5 * DAY)
	seen = max((one.seen for one in found), default=None)
	assert stands == Standing(state, None if since is None else START + since * DAY, seen, unseen)


@pytest.mark.parametrize(
	("states", "since", "last", "whole"),
	[
		([(0, "a")], 0, 0, True),
		([(0, "a"), (1, "a")], 0, 1, True),
		([(0, "a"), (1, "b"), (2, "b")], 1, 2, False),
		([(2, "b"), (0, "a"), (1, "b")], 1, 0, False),
		([(0, "a"), (0, "b")], 0, 1, False),
		([(0, None), (1, "a"), (2, None)], 2, 2, False),
	],
)
def test_a_run_begins_where_its_last_state_did(states, since, last, whole):
	assert last_run([(START + day * DAY, state) for day, state in states]) == Run(START + since * DAY, last, whole)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["normal", "abnormal", None])), min_size=1, max_size=30))
def test_a_run_is_what_a_look_at_all_of_them_says(states):
	readings = [(START + day * DAY, state) for day, state in states]
	found, ordered = last_run(readings), sorted(readings, key=lambda one: one[0])
	assert readings[found.last] == ordered[-1]
	tail = [one for one in ordered if one[0] >= found.since][-1][1]
	assert tail == ordered[-1][1]
	assert found.whole == (len({state for _moment, state in readings}) == 1)
