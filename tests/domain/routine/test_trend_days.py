"""A long course is taken together by days, weeks and months, as all its readings would be; and drawn for screen and paper."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.routine.normal_state import Limits
from ops_delivery.domain.routine.trend import Reading, course
from ops_delivery.domain.routine.trend_chart import Ahead, Point, draw
from ops_delivery.domain.routine.trend_days import Span, fitting, fold

FIRST = date(2026, 1, 1)
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LIMITS = Limits(alarm_low=5, warn_low=10, warn_high=80, alarm_high=90)


@given(st.lists(st.tuples(st.integers(0, 400), st.floats(-1e6, 1e6)), min_size=1, max_size=60), st.sampled_from(["day", "week", "month", "year"]))
def test_days_taken_together_say_what_all_readings_would(values, bucket):
	by_day: dict[date, list[float]] = {}
	for day, value in values:
		by_day.setdefault(FIRST + timedelta(days=day), []).append(value)
	days = [Span(day, len(found), min(found), sum(found) / len(found), max(found)) for day, found in by_day.items()]
	noon = [Reading(START + timedelta(days=day, hours=4), value) for day, value in values]
	expected = course(noon, bucket, SHANGHAI)
	found = fold(days, bucket)
	assert [(one.first, one.count, one.least, one.most) for one in found] == [(one.first, one.count, one.least, one.most) for one in expected]
	whole = sum(one.mean * one.count for one in found)
	assert whole == pytest.approx(sum(value for _day, value in values), abs=1e-3)


def test_what_stands_out_is_counted_in_each_span():
	days = [Span(FIRST, 2, 1, 1.5, 2, at_risk=1), Span(FIRST + timedelta(days=1), 1, 9, 9, 9, abnormal=1)]
	assert fold(days, "month") == [Span(FIRST, 3, 1, 4, 9, at_risk=1, abnormal=1)]
	assert fold([], "day") == []


@pytest.mark.parametrize(("readings", "days", "bucket"), [(0, 1, "all"), (400, 730, "all"), (401, 365, "day"), (100_000, 730, "week"), (100_000, 3650, "month")])
def test_the_finest_way_that_can_be_shown_is_chosen(readings, days, bucket):
	assert fitting(readings, days) == bucket


def point(day, value, state=None, **values):
	return Point(START + timedelta(days=day), value, state, **values)


@pytest.mark.clause("8.3.b.3")
def test_the_drawing_marks_what_stands_out_by_shape_and_draws_the_limits_and_what_lies_ahead():
	points = [point(0, 50), point(10, 85, "at_risk", note="<b>"), point(20, 95, "abnormal"), point(30, 60, low=40, high=70)]
	ahead = [Ahead(START + timedelta(days=day), 50, 60, 70) for day in (30, 40)]
	root = ET.fromstring(draw(points, LIMITS, ahead, SHANGHAI, 'A "rack" & more'))
	tags = [one.tag.split("}")[1] for one in root.iter()]
	assert root.get("aria-label") == 'A "rack" & more' and root.get("role") == "img"
	assert (tags.count("circle"), tags.count("rect"), tags.count("polyline")) == (2, 1, 2)
	assert [one.text for one in root.iter() if one.tag.endswith("title")] == ["<b>"]
	texts = [one.text for one in root.iter() if one.tag.endswith("text")]
	assert {"5", "10", "80", "90"} <= set(texts) and "2026-01-01" in texts
	for one in root.iter():
		for name in ("x", "cx", "x1", "x2"):
			assert 0 <= float(one.get(name, 0)) <= 960, one.attrib


@pytest.mark.parametrize(
	"points",
	[[point(0, 50)], [point(0, 5), point(0, 5)], [point(0, -1e9), point(700, 1e9)], [point(0, 1e-6), point(0.001, 2e-6)], [point(0, 0)]],
)
def test_a_drawing_of_few_equal_or_far_values_is_whole(points):
	root = ET.fromstring(draw(points, Limits(), [], SHANGHAI, "x", width=330, height=270))
	numbers = [float(one.get("cy")) for one in root.iter() if one.get("cy")]
	assert len(numbers) == len(points) and all(0 <= number <= 270 for number in numbers)


def test_nothing_is_drawn_of_nothing():
	assert draw([], LIMITS, [], SHANGHAI, "x") == ""
