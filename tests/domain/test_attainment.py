"""Service-level figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.attainment import Figures, Outcome, by, by_month, percentile, summarize
from ops_delivery.domain.clock import Event, Kind, replay
from tests.domain.samples import CALENDARS, HOUR, at, stored


def outcome(elapsed: int, status: str = "met", **more) -> Outcome:
	given = {"commitment": "Resolution", "priority": "High", "started": at(12, 9), "target": 100, **more}
	return Outcome(elapsed=elapsed, status=stored(status), **given)


SOME = [
	outcome(10, priority="Low", keys={"customer": "A"}),
	outcome(50, keys={"customer": "A"}),
	outcome(100, keys={"customer": "B"}),
	outcome(240, "breached", keys={"customer": "B"}),
	outcome(500, "breached", open=True, started=at(30, 23, month=11)),
	outcome(70, "running", started=at(1, 1, month=12)),
]


@pytest.mark.clause("8.4.b.2", "5.3.d")
def test_figures_of_a_set_of_clocks():
	assert summarize(SOME) == Figures(
		total=6, met=3, breached=2, running=1, attainment=0.6, mean=100.0, p90=240
	)


@pytest.mark.clause("8.4.b.2")
def test_figures_by_group_show_quantity_and_distribution():
	by_priority = by(SOME, "priority")
	assert {key: figures.total for key, figures in by_priority.items()} == {"High": 5, "Low": 1}
	by_customer = by(SOME, "customer")
	assert {key: figures.attainment for key, figures in by_customer.items()} == {"": 0.0, "A": 1.0, "B": 0.5}
	assert by(SOME, lambda o: "long" if o.elapsed > 60 else "short")["short"].total == 2
	assert list(by(SOME, "status")) == ["breached", "met", "running"]


@pytest.mark.clause("8.4.b.2")
def test_figures_by_month_show_the_trend():
	totals = {month: figures.total for month, figures in by_month(SOME, "Asia/Shanghai").items()}
	assert totals == {"2026-10": 4, "2026-11": 1, "2026-12": 1}
	assert list(by_month(SOME, "Asia/Tokyo")) == ["2026-10", "2026-12"]  # there it was December already


def test_nothing_decided_has_no_attainment():
	nothing = Figures(0, 0, 0, 0, attainment=None, mean=None, p90=None)
	assert summarize([]) == nothing
	assert summarize([outcome(5, "running")]) == Figures(1, 0, 0, 1, attainment=None, mean=None, p90=None)


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(values, q):
	found = percentile(values, q)
	assert sum(v <= found for v in values) * 100 >= q * len(values)
	assert sum(v < found for v in values) * 100 < q * len(values)


def test_percentiles_of_little():
	assert percentile([], 90) is None
	assert percentile([7], 90) == 7
	assert percentile(range(1, 11), 90) == 9
	assert math.isclose(percentile(range(1, 101), 50), 50)


@pytest.mark.clause("5.3.d")
def test_the_outcome_of_a_clock():
	start = Event(Kind.START, at(12, 9), 4 * HOUR, "5x8")

	def of(*events, day=12, hour=11):
		clock = replay([start, *events], CALENDARS)
		return Outcome.of(clock, "Resolution", "High", at(day, hour), CALENDARS, {"customer": "A"})

	running = of()
	assert (running.status, running.elapsed, running.stopped) == ("running", 2 * HOUR, False)
	assert running.keys == {"customer": "A"}
	late = of(hour=16)
	assert (late.status, late.elapsed, late.stopped) == ("breached", 6 * HOUR, False)
	kept = of(Event(Kind.MET, at(12, 14)), day=20)
	assert (kept.status, kept.elapsed, kept.stopped) == ("met", 4 * HOUR, True)
	missed = of(Event(Kind.MET, at(12, 15)), day=20)
	assert (missed.status, missed.elapsed, missed.stopped) == ("breached", 5 * HOUR, True)
	assert of(Event(Kind.PAUSE, at(12, 10)), day=20).status == "running"
	assert of(Event(Kind.CANCELLED, at(12, 10))) is None


@pytest.mark.parametrize(
	("values", "q", "rank"),
	[([1, 2, 3, 4], 50, 2), ([1, 2, 3, 4], 51, 3), ([1, 2, 3, 4], 100, 4), ([1, 2, 3, 4], 1, 1), ([4, 3, 2, 1], 75, 3), (list(range(20)), 90, 17)],
)
def test_the_rank_of_a_percentile(values, q, rank):
	assert percentile(values, q) == rank


def test_a_clock_that_used_all_of_its_target_has_kept_it():
	assert outcome(100).stopped and outcome(240, "breached").stopped
	assert not outcome(240, "breached", open=True).stopped and not outcome(5, "running").stopped
	assert summarize([outcome(240, "breached", open=True)]) == Figures(1, 0, 1, 0, attainment=0.0, mean=None, p90=None)
