"""Delivery plans in the domain: order, standing, shares, slip and responsibilities."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import activity_order, planning
from ops_delivery.domain import raci as duties
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.planning import Activity
from tests.domain.samples import stored

DAY = date(2026, 3, 2)


def day(number: int) -> date:
	return DAY + timedelta(days=number)


def activity(name="A", start=0, end=9, **values) -> Activity:
	values["state"] = stored(values.get("state", planning.NOT_STARTED))
	return Activity(name, day(start), day(end), **values)


@pytest.mark.clause("5.2.b")
@pytest.mark.parametrize(
	"edges, loop",
	[
		({}, []),
		({"B": ["A"], "C": ["A", "B"]}, []),
		({"A": ["A"]}, ["A", "A"]),
		({"A": ["B"], "B": ["A"]}, ["A", "B", "A"]),
		({"B": ["A"], "C": ["B"], "A": ["C"]}, ["B", "C", "A", "B"]),
	],
)
def test_a_loop_is_named_in_the_order_of_the_work(edges, loop):
	found = activity_order.find_loop(edges)
	assert len(found) == len(loop) and set(found) == set(loop)
	for earlier, later in itertools.pairwise(found):
		assert earlier in edges[later]


def test_a_long_chain_is_no_loop_and_breaks_nothing():
	chain = {number: [number - 1] for number in range(1, 20_000)}
	assert activity_order.find_loop(chain) == []
	assert len(activity_order.find_loop({**chain, 0: [19_999]})) == 20_001


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_what_is_called_a_loop_is_one_and_none_is_overlooked(pairs):
	edges: dict[int, list[int]] = {}
	for later, earlier in pairs:
		edges.setdefault(later, []).append(earlier)
	loop = activity_order.find_loop(edges)
	if loop:
		assert loop[0] == loop[-1] and len(loop) > 1
		assert all(earlier in edges[later] for earlier, later in itertools.pairwise(loop))
		return
	waiting = {node: set(edges.get(node, ())) for node in range(13)}
	while ready := [node for node, earlier in waiting.items() if not earlier]:
		for node in ready:
			del waiting[node]
		for earlier in waiting.values():
			earlier.difference_update(ready)
	assert not waiting


def test_an_end_before_the_start_and_a_period_outside_are_refused():
	planning.check_period(DAY, DAY)
	with pytest.raises(DomainError) as error:
		planning.check_period(day(1), day(0))
	assert error.value.code == "end_before_start"
	planning.check_within(day(0), day(9), day(0), day(9))
	for start, end in ((-1, 5), (5, 10)):
		with pytest.raises(DomainError) as error:
			planning.check_within(day(start), day(end), day(0), day(9))
		assert error.value.code == "outside_period"


@pytest.mark.clause("5.4.a")
@pytest.mark.parametrize(
	"values, today, kind, days",
	[
		({}, -3, "not_due", 3),
		({}, 0, "not_due", 0),
		({}, 4, "not_begun", 4),
		({}, 12, "overdue", 3),
		({"state": "In Progress", "actual_start": day(1)}, 4, "under_way", 5),
		({"state": "In Progress", "actual_start": day(1)}, 10, "overdue", 1),
		({"state": "On Hold", "actual_start": day(1)}, 4, "on_hold", 0),
		({"state": "Completed", "actual_start": day(0), "actual_end": day(9)}, 30, "on_time", 0),
		({"state": "Completed", "actual_start": day(0), "actual_end": day(11)}, 30, "done_late", 2),
		({"state": "Completed", "actual_start": day(0), "actual_end": day(7)}, 30, "done_early", 2),
		({"state": "Cancelled"}, 30, "cancelled", 0),
	],
)
def test_how_an_activity_stands(values, today, kind, days):
	found = planning.standing(activity(**values), day(today))
	assert (found.kind, found.days) == (kind, days)
	assert found.is_late is (kind in ("not_begun", "overdue", "done_late"))


@pytest.mark.clause("5.4.a")
def test_a_milestone_slips_from_the_end_first_approved():
	done = activity(end=9, is_milestone=True, state="Completed", actual_end=day(12), baseline_end=day(9))
	moved = activity(end=14, is_milestone=True, baseline_end=day(9))
	assert planning.slip(done, day(20)) == 3
	assert planning.slip(moved, day(3)) == 5, "moved, and not due yet"
	assert planning.slip(moved, day(16)) == 7, "moved, and overdue besides"
	assert planning.slip(activity(state="Completed", actual_end=day(7)), day(20)) == -2


def test_shares_grow_with_the_days_and_a_milestone_counts_at_its_end():
	work = activity(start=0, end=9)
	assert [planning.planned_share(work, day(n)) for n in (-1, 0, 4, 9, 20)] == [0, 0.1, 0.5, 1, 1]
	milestone = activity(start=0, end=9, is_milestone=True)
	assert [planning.planned_share(milestone, day(n)) for n in (8, 9)] == [0, 1]
	running = activity(state="In Progress", actual_start=day(0), progress=0.4)
	assert planning.done_share(running, day(3), today=day(7)) == pytest.approx(0.2)
	assert planning.done_share(running, day(7), today=day(7)) == pytest.approx(0.4)
	assert planning.done_share(activity(), day(7), today=day(7)) == 0


@pytest.mark.clause("5.3.a", "5.4.a")
def test_a_plan_in_one_view():
	plan = [
		activity(
			"done", 0, 9, state="Completed", actual_start=day(0), actual_end=day(9), budget=100, cost=120
		),
		activity(
			"half", 10, 19, state="In Progress", actual_start=day(12), progress=0.5, budget=200, cost=50
		),
		activity("open", 12, 21, budget=100),
		activity("mile", 15, 15, is_milestone=True, baseline_end=day(13)),
		activity("gone", 0, 99, state="Cancelled", cost=7, budget=999),
	]
	found = planning.progress(plan, day(14))
	assert (found.activities, found.completed, found.under_way, found.late, found.not_begun) == (
		4,
		1,
		1,
		1,
		1,
	)
	assert found.planned == pytest.approx((10 + 5 + 3 + 0) / 31)
	assert found.earned == pytest.approx((10 + 5) / 31)
	assert found.variance < 0
	assert (found.planned_value, found.earned_value, found.cost) == (pytest.approx(230), 200, 177)
	assert found.schedule_variance == pytest.approx(-30) and found.cost_variance == 23
	assert (found.milestones, found.milestones_late, found.worst_slip) == (1, 1, 2)
	nothing = planning.progress([], day(0))
	assert (nothing.planned, nothing.earned, nothing.worst_slip, nothing.milestones_late) == (0, 0, 0, 0)


def test_milestones_before_their_time_are_no_slip():
	plan = [
		activity(is_milestone=True, state="Completed", actual_end=day(7)),
		activity(is_milestone=True, state="Completed", actual_end=day(9)),
	]
	found = planning.progress(plan, day(30))
	assert (found.milestones, found.milestones_late, found.worst_slip) == (2, 0, 0)


def test_work_is_done_evenly_from_its_start_and_a_milestone_at_its_end():
	done = activity(state="Completed", actual_start=day(2), actual_end=day(5))
	assert [planning.done_share(done, day(n), day(30)) for n in range(1, 7)] == [0, 0.25, 0.5, 0.75, 1, 1]
	milestone = activity(state="Completed", is_milestone=True, actual_start=day(2), actual_end=day(5))
	assert [planning.done_share(milestone, day(n), day(30)) for n in (4, 5)] == [0, 1]
	at_once = activity(state="Completed", actual_end=day(5))
	assert [planning.done_share(at_once, day(n), day(30)) for n in (4, 5)] == [0, 1], "its start was not noted"
	assert planning.done_share(activity(state="In Progress", actual_start=day(2)), day(5), day(5)) == 0
	given_up = activity(state="Cancelled", actual_start=day(0), actual_end=day(3), progress=0.5)
	assert [planning.done_share(given_up, day(n), day(9)) for n in (3, 4, 9)] == [0.2, 0.25, 0.5], "it counts to today"
	begun_ahead = activity(state="In Progress", actual_start=day(9), progress=0.5)
	assert planning.done_share(begun_ahead, day(9), today=day(3)) == 0.5


@pytest.mark.parametrize(("progress", "share"), [(-0.5, 0), (0, 0), (0.3, 0.3), (1, 1), (1.5, 1)])
def test_a_share_lies_between_nothing_and_all(progress, share):
	assert activity(progress=progress).done_share == share
	assert activity(progress=progress, state="Completed").done_share == 1


def test_days_count_both_ends_and_at_least_one():
	assert [activity(end=end).days for end in (0, 1, 9)] == [1, 2, 10]
	assert activity(start=5, end=3).days == 1


def test_how_long_after_its_plan_it_began_is_told_whatever_became_of_it():
	for state in ("In Progress", "On Hold", "Completed", "Cancelled"):
		assert planning.standing(activity(state=state, actual_start=day(3)), day(5)).begun == 3
		assert planning.standing(activity(state=state, actual_start=day(-2)), day(5)).begun == -2
	assert planning.standing(activity(state="In Progress"), day(5)) == planning.Standing("under_way", 4, None)
	assert planning.standing(activity(state="On Hold"), day(12)).kind == "overdue"
	assert planning.standing(activity(state="Completed"), day(12)) == planning.Standing("done_late", 3, None)


def test_the_curve_has_so_many_steps_and_today():
	plan = [activity(end=100), activity("early", 10, 20, state="Completed", actual_start=day(-4), actual_end=day(104))]
	points = planning.curve(plan, day(33), points=4)
	assert [(point.day - DAY).days for point in points] == [-4, 23, 33, 50, 77, 104]
	assert [point.done is None for point in points] == [False, False, False, True, True, True]
	assert points[0].planned == 0 and points[-1].planned == 1
	assert [point.day for point in planning.curve([activity(end=0)], day(0))] == [day(0)]
	assert len(planning.curve([activity(end=365)], day(999))) == 25
	assert len(planning.curve([activity(end=5)], day(999))) == 6, "no more than there are days"
	assert planning.curve([activity(state="Cancelled")], day(0)) == []


@given(
	st.lists(
		st.tuples(st.integers(0, 60), st.integers(0, 30), st.sampled_from(planning.STATES), st.floats(0, 1)),
		max_size=12,
	),
	st.integers(-5, 120),
)
def test_shares_stay_shares_and_the_curve_ends_where_the_plan_does(rows, today):
	plan = []
	for number, (start, length, state, share) in enumerate(rows):
		begun = min(day(start), day(today)) if state in ("In Progress", "Completed") else None
		end = day(today) if state == "Completed" else None
		plan.append(
			Activity(str(number), day(start), day(start + length), state, begun, end, share if begun else 0.0)
		)
	found = planning.progress(plan, day(today))
	assert 0 <= found.planned <= 1 + 1e-9 and 0 <= found.earned <= 1 + 1e-9
	points = planning.curve(plan, day(today))
	planned = [point.planned for point in points]
	assert planned == sorted(planned)
	done = [point.done for point in points if point.done is not None]
	assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(done))
	if points:
		assert planned[-1] == pytest.approx(1)
		at_today = next((point.done for point in points if point.day == day(today)), None)
		if at_today is not None:
			assert at_today == pytest.approx(found.earned)


@pytest.mark.clause("5.3.a")
def test_work_that_jumps_the_order_is_named():
	plan = {
		"A": activity("A", 0, 9, state="In Progress", actual_start=day(0)),
		"B": activity("B", 10, 12, state="In Progress", actual_start=day(5)),
		"C": activity("C", 8, 12),
	}
	assert activity_order.begun_before(plan, {"B": ["A"], "C": ["A"]}) == {"B": ["A"]}
	assert activity_order.conflicts(plan, {"B": ["A"], "C": ["A"]}) == {"C": ["A"]}


@pytest.mark.clause("5.2.f")
def test_each_matter_has_one_accountable_and_somebody_who_does_it():
	def found(*rows):
		return duties.problems_of(duties.Duty(*row) for row in rows)

	assert found(("Patrol", "Lead", "A"), ("Patrol", "Engineer", "R"), ("Patrol", "Customer", "I")) == []
	assert found(("Patrol", "Lead", "A"), ("Patrol", "Lead", "R")) == [], "one may be both"
	assert found(("Patrol", "Lead", "A"), ("Patrol", "Boss", "A"), ("Patrol", "E", "R")) == [
		("several_accountable", "Patrol", ("Lead", "Boss"))
	]
	assert found(("Patrol", "E", "R"), ("Patrol", "E", "R"), ("Patrol", "Lead", "A")) == [
		("twice", "Patrol", ("E",))
	]
	assert found(("Patrol", "E", "I")) == [
		("nobody_accountable", "Patrol", ()),
		("nobody_responsible", "Patrol", ()),
	]


def test_what_ended_on_the_day_the_next_began_came_before_it():
	def begun(state, end, plan_end=9):
		plan = {
			"A": activity("A", 0, plan_end, state=state, actual_start=day(0), actual_end=None if end is None else day(end)),
			"B": activity("B", 6, 12, state="In Progress", actual_start=day(5)),
		}
		return activity_order.begun_before(plan, {"B": ["A", "nobody"], "nobody": ["A"]}), activity_order.conflicts(plan, {"B": ["A", "nobody"]})

	assert begun("Completed", 5)[0] == begun("Completed", 4)[0] == {}
	assert begun("Completed", None)[0] == {}, "when is not known"
	assert begun("Completed", 6)[0] == begun("In Progress", None)[0] == {"B": ["A"]}
	assert begun("Cancelled", None) == ({}, {})
	assert begun("Completed", 5, plan_end=6)[1] == {} and begun("Completed", 5, plan_end=7)[1] == {"B": ["A"]}
