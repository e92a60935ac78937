"""The gate of a trial run."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.trial_run import AT_LEAST, AT_MOST, Metric, Period, Reading, check_reading, judge
from tests.domain.samples import stored

START = datetime(2026, 3, 2, tzinfo=timezone.utc)
DAY = timedelta(days=1)
PERIOD = Period(START, START + 14 * DAY, grace=2 * DAY)
AFTER = PERIOD.end
TIME = Metric("Login time", "ms", 800, stored(AT_MOST))
RATE = Metric("Success rate", "%", 99.5, stored(AT_LEAST))
GOOD = {TIME.name: 700.0, RATE.name: 99.9}


def readings(metric=TIME, days=(3, 7, 13), value=None):
	return [
		Reading(stored(metric.name), GOOD[metric.name] if value is None else value, START + day * DAY) for day in days
	]


def codes(verdict):
	return [(finding.code, finding.metric) for finding in verdict.findings]


@pytest.mark.clause("6.4.c", "8.5.a.1")
def test_a_trial_run_has_held_when_it_is_over_and_every_metric_kept_its_target():
	verdict = judge([TIME, RATE], readings(TIME) + readings(RATE), PERIOD, AFTER, needed=3)
	assert verdict.held and verdict.open and not verdict.decided
	assert [(fare.counted, fare.last.value) for fare in verdict.metrics] == [(3, 700.0), (3, 99.9)]


@pytest.mark.clause("6.4.c")
def test_it_has_not_held_before_its_last_moment_is_over():
	for now in (START - DAY, START + 13.9 * DAY, PERIOD.end - timedelta(seconds=1)):
		assert ("period_not_over", "") in codes(judge([TIME], readings(), PERIOD, now))
	assert judge([TIME], readings(), PERIOD, PERIOD.end).held


@pytest.mark.clause("6.4.c")
def test_each_metric_needs_enough_readings_that_count():
	verdict = judge(
		[TIME, RATE], readings(TIME) + readings(RATE, days=(0, 1, 3, 14, 20)), PERIOD, AFTER, needed=3
	)
	assert codes(verdict) == [("too_few_readings", "Success rate")]
	assert (verdict.findings[0].get("counted"), verdict.findings[0].get("needed")) == (1, 3)


@pytest.mark.clause("6.4.c")
def test_one_reading_outside_its_target_shuts_the_gate_but_not_while_values_settle():
	settling = [Reading(TIME.name, 5000, START + DAY)]
	assert judge([TIME], settling + readings(), PERIOD, AFTER, needed=3).held
	broken = [Reading(TIME.name, 801, START + 2 * DAY)]
	verdict = judge([TIME], broken + readings(), PERIOD, AFTER, needed=3)
	assert codes(verdict) == [("outside_target", "Login time")]
	assert verdict.findings[0].get("value") == 801 and not verdict.open


def test_the_target_itself_keeps_it():
	assert TIME.held_by(800) and not TIME.held_by(800.001)
	assert RATE.held_by(99.5) and not RATE.held_by(99.499)


def test_without_metrics_nothing_has_held():
	assert codes(judge([], readings(), PERIOD, AFTER)) == [("no_metrics", "")]


@pytest.mark.clause("6.4.c")
def test_a_decision_opens_the_gate_unless_a_later_reading_breaks_a_target():
	broken = readings(value=900, days=(3, 7))
	early = judge([TIME], broken, PERIOD, START + 8 * DAY, decided_on=START + 8 * DAY)
	assert early.open and early.decided and not early.held
	before_it_broke = judge([TIME], broken, PERIOD, AFTER, decided_on=START + 5 * DAY)
	assert not before_it_broke.open and before_it_broke.decision_outdated
	still_to_come = judge([TIME], broken, PERIOD, AFTER, decided_on=AFTER + DAY)
	assert not still_to_come.open and not still_to_come.decision_outdated


@pytest.mark.parametrize(
	("code", "make"),
	[
		("metric_without_unit", lambda: Metric("Login time", " ", 800, AT_MOST)),
		("metric_without_name", lambda: Metric("", "ms", 800, AT_MOST)),
		("bad_direction", lambda: Metric("Login time", "ms", 800, "upwards")),
		("bad_number", lambda: Metric("Login time", "ms", float("nan"), AT_MOST)),
		("period_reversed", lambda: Period(START, START)),
		("bad_grace", lambda: Period(START, START + DAY, DAY)),
		("bad_grace", lambda: Period(START, START + DAY, -DAY)),
		("bad_needed", lambda: judge([TIME], [], PERIOD, AFTER, needed=0)),
		("duplicate_metric", lambda: judge([TIME, TIME], [], PERIOD, AFTER)),
		("unknown_metric", lambda: check_reading(Reading("Speed", 1, START), [TIME], PERIOD)),
		("reading_outside_period", lambda: check_reading(Reading(TIME.name, 1, PERIOD.end), [TIME], PERIOD)),
		("bad_number", lambda: check_reading(Reading(TIME.name, float("inf"), START), [TIME], PERIOD)),
	],
)
def test_bad_input_names_field_and_value(code, make):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code
	assert str(caught.value)


def test_a_reading_within_the_period_is_taken():
	check_reading(Reading(TIME.name, 1, START), [TIME], PERIOD)


@given(
	values=st.lists(st.tuples(st.floats(0, 2000), st.integers(0, 20 * 86400)), max_size=12),
	now=st.integers(0, 25 * 86400),
	needed=st.integers(1, 4),
)
def test_held_means_what_it_says_and_more_good_readings_never_shut_it(values, now, needed):
	taken = [Reading(TIME.name, value, START + timedelta(seconds=at)) for value, at in values]
	instant = START + timedelta(seconds=now)
	verdict = judge([TIME], taken, PERIOD, instant, needed)
	counted = [r for r in taken if PERIOD.settled <= r.taken_on < PERIOD.end and r.taken_on <= instant]
	expected = instant >= PERIOD.end and len(counted) >= needed and all(r.value <= 800 for r in counted)
	assert verdict.held == expected
	if verdict.held:
		assert judge([TIME], [*taken, *readings()], PERIOD, instant, needed).held


def test_what_a_finding_says():
	verdict = judge([TIME], readings(value=900, days=(3, 7)), PERIOD, START + 8 * DAY, needed=3)
	assert [(f.code, f.metric, f.details) for f in verdict.findings] == [
		("period_not_over", "", (("end", PERIOD.end),)),
		("too_few_readings", "Login time", (("counted", 2), ("needed", 3))),
		("outside_target", "Login time", (("number", 2), ("value", 900), ("taken_on", START + 7 * DAY))),
	]
	assert verdict.findings[0].get("nothing") is None
	(fare,) = verdict.metrics
	assert (fare.counted, len(fare.outside), fare.last.taken_on) == (2, 2, START + 7 * DAY)
	(fare,) = judge([TIME], [], PERIOD, AFTER).metrics
	assert (fare.counted, fare.outside, fare.last) == (0, (), None)


def test_readings_to_come_and_the_moments_at_the_edges():
	assert PERIOD.settled == START + 2 * DAY
	assert PERIOD.covers(START) and not PERIOD.covers(PERIOD.end) and not PERIOD.covers(START - timedelta(seconds=1))
	assert PERIOD.counts(PERIOD.settled) and not PERIOD.counts(PERIOD.settled - timedelta(seconds=1)) and not PERIOD.counts(PERIOD.end)
	now = START + 5 * DAY
	assert judge([TIME], [Reading(TIME.name, 1, now)], PERIOD, now).metrics[0].counted == 1
	assert judge([TIME], [Reading(TIME.name, 1, now + DAY)], PERIOD, now).metrics[0].counted == 0
	assert judge([TIME], readings(days=(3,)), PERIOD, AFTER).held, "one is enough where nothing is said"
	Period(START, START + DAY, DAY - timedelta(seconds=1))
	Period(START, START + timedelta(seconds=1))


def test_a_decision_of_the_moment_a_reading_was_taken_knew_it():
	broken = readings(value=900, days=(3,))
	at_once = judge([TIME], broken, PERIOD, AFTER, decided_on=START + 3 * DAY)
	assert at_once.decided and not at_once.decision_outdated
	assert judge([TIME], broken, PERIOD, AFTER, decided_on=AFTER).decided
	assert not judge([TIME], broken, PERIOD, AFTER).decided


def test_readings_are_told_in_the_order_they_were_taken():
	mixed = [Reading(TIME.name, 1, START + 9 * DAY), Reading(TIME.name, 2, START + 4 * DAY)]
	assert judge([TIME], mixed, PERIOD, AFTER).metrics[0].last.value == 1
