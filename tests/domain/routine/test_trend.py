"""A trend says its method, its range, and when there are too few readings; a few wrong readings do not bend it."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.normal_state import Limits
from ops_delivery.domain.routine.trend import CONFIDENCE, FEWEST, Reading, course, crossings, forecast

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAY = timedelta(days=1)
LIMITS = Limits(alarm_low=5, warn_low=10, warn_high=80, alarm_high=90)


def line(number: int, level: float = 50, per_day: float = 0.5, noise: float = 0, seed: int = 1) -> list[Reading]:
	chance = random.Random(seed)
	return [Reading(START + n * DAY, level + per_day * n + chance.gauss(0, noise)) for n in range(number)]


def test_a_straight_line_goes_on_and_its_limits_are_dated():
	found = forecast(line(41))
	assert (found.outcome, found.method, found.readings, found.confidence) == ("given", "theil_sen", 41, 0.9)
	assert found.per_day == pytest.approx(0.5)
	assert found.at(START + 60 * DAY) == pytest.approx((80, 80, 80))
	warning, alarm = crossings(found, LIMITS, START + 41 * DAY)
	assert (warning.limit, warning.value, alarm.limit) == ("warn_high", 80, "alarm_high")
	assert abs(warning.likely - (START + 60 * DAY)) < timedelta(seconds=1)
	assert warning.earliest <= warning.likely <= warning.latest
	assert abs(alarm.likely - (START + 80 * DAY)) < timedelta(seconds=1)


def test_a_falling_value_meets_the_low_limits():
	found = forecast(line(41, per_day=-0.7))
	assert [one.limit for one in crossings(found, LIMITS, START + 41 * DAY)] == ["warn_low", "alarm_low"]


@pytest.mark.parametrize("number", range(FEWEST))
def test_too_few_readings_are_said_to_be_too_few(number):
	found = forecast(line(number))
	assert (found.outcome, found.readings) == ("too_few_readings", number)
	assert crossings(found, LIMITS, START) == []
	with pytest.raises(DomainError) as caught:
		found.at(START)
	assert caught.value.code == "forecast_not_given"


def test_many_readings_at_one_moment_are_still_too_few():
	assert forecast([Reading(START, 20.0 + n) for n in range(50)]).outcome == "too_few_readings"


def test_without_a_trend_no_limit_is_dated():
	found = forecast(line(60, per_day=0, noise=5))
	assert found.outcome == "no_trend"
	assert found.slowest <= 0 <= found.steepest
	assert crossings(found, LIMITS, START) == []
	low, middle, high = found.at(START + 90 * DAY)
	assert low < middle < high


def test_one_constant_value_has_no_trend():
	assert forecast(line(30, per_day=0)).outcome == "no_trend"


def test_wrong_readings_do_not_bend_the_line():
	readings = line(60, noise=0.5)
	for place in (3, 17, 33, 52, 58):
		readings[place] = Reading(readings[place].taken_on, 5000.0)
	assert forecast(readings).per_day == pytest.approx(0.5, abs=0.05)


def test_it_looks_no_farther_ahead_than_the_readings_reach_back():
	found = forecast(line(11, per_day=0.5))
	assert found.until == START + 20 * DAY
	assert crossings(found, LIMITS, START + 11 * DAY) == []  # on day 60 only
	with pytest.raises(DomainError) as caught:
		found.at(START + 21 * DAY)
	assert caught.value.code == "forecast_too_far"


def test_what_is_reached_already_is_reached_now():
	now = START + 41 * DAY
	(warning, _alarm) = crossings(forecast(line(41, level=65)), LIMITS, now)
	assert warning.earliest == warning.likely == now


def test_thousands_of_readings_give_the_same_line():
	chance = random.Random(3)
	readings = [Reading(START + n * timedelta(hours=1), 20 + 0.01 * n + chance.gauss(0, 2)) for n in range(5000)]
	found = forecast(readings)
	assert found.per_day == pytest.approx(0.24, rel=0.02)
	assert found.readings == 5000


@pytest.mark.parametrize("number", [12, 30, 90])
def test_the_range_holds_as_often_as_it_says(number):
	"""Readings made at random: the value a quarter of the time later lies within the range about as often as promised."""
	ahead, held, rounds = number // 4, 0, 200
	for seed in range(rounds):
		readings = line(number + ahead, noise=3, seed=seed)
		low, _middle, high = forecast(readings[:number]).at(readings[-1].taken_on)
		held += low <= readings[-1].value <= high
	assert held / rounds >= CONFIDENCE - 0.05


def test_the_range_of_the_slope_is_no_wider_than_it_says():
	found = [forecast(line(30, noise=3, seed=seed)) for seed in range(200)]
	held = sum(one.slowest <= 0.5 <= one.steepest for one in found) / len(found)
	assert CONFIDENCE - 0.06 <= held <= CONFIDENCE + 0.06


@settings(max_examples=50)
@given(
	st.lists(st.tuples(st.integers(0, 1000), st.floats(-1e6, 1e6)), min_size=8, max_size=40, unique_by=lambda one: one[0]), st.randoms()
)
def test_the_order_is_none_of_its_business_and_the_line_lies_in_its_range(points, chance):
	readings = [Reading(START + hours * timedelta(hours=1), value) for hours, value in points]
	found = forecast(readings)
	chance.shuffle(readings)
	assert forecast(readings) == found
	assert found.slowest <= found.per_day <= found.steepest
	low, middle, high = found.at(found.until)
	assert low <= middle + 1e-6 and middle <= high + 1e-6


def test_the_course_is_by_the_days_of_the_site():
	shanghai = ZoneInfo("Asia/Shanghai")
	readings = [Reading(START + n * timedelta(hours=6), float(n)) for n in range(9)]
	found = course(readings, "day", shanghai)
	# midnight there is 16:00 of the day before
	assert [(one.first, one.count, one.least, one.middle, one.most, one.last) for one in found] == [
		(date(2026, 1, 1), 3, 0, 1, 2, 2),
		(date(2026, 1, 2), 4, 3, 4.5, 6, 6),
		(date(2026, 1, 3), 2, 7, 7.5, 8, 8),
	]
	assert [one.first for one in course(readings, "week", shanghai)] == [date(2025, 12, 29)]
	assert [one.first for one in course(readings, "month", shanghai)] == [date(2026, 1, 1)]
	assert [one.count for one in course(readings, "year", shanghai)] == [9]
	assert course([], "day", shanghai) == []


@pytest.mark.parametrize(
	("make", "code"),
	[
		(lambda: course([], "hour", timezone.utc), "trend_bad_bucket"),
		(lambda: forecast([Reading(START, float("nan"))]), "trend_bad_reading"),
		(lambda: forecast([Reading(START.replace(tzinfo=None), 1.0)]), "trend_bad_reading"),
	],
)
def test_what_makes_no_sense_is_refused(make, code):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code
	assert "{" not in str(caught.value)
