"""However little of it is laid out, a timeline is right to its edges."""

import random

import pytest

from ops_delivery.domain.calendar import Window, WorkCalendar
from ops_delivery.domain.timeline import Timeline

MONTH = 31 * 86_400
START = 1_772_000_000  # 2026-02-25

SHAPES = {
	"nights": [Window.parse("22:00", "06:00")],
	"from noon to noon": [Window.parse("12:00", "12:00")],
	"whole days": [Window.parse("00:00", "24:00")],
	"two": [Window.parse("00:10", "03:00"), Window.parse("23:00", "24:00")],
	"the last second": [Window(86_399, 172_799)],
}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "UTC"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_short_timeline_agrees_with_a_long_one(zone, shape):
	calendar = WorkCalendar(zone, {day: SHAPES[shape] for day in (0, 1, 2, 4, 5)})
	calendar.between_ts(START - 12 * MONTH, START + 12 * MONTH)
	rng = random.Random(f"{zone} {shape}")
	for _ in range(60):
		lo = START + rng.randrange(MONTH)
		hi = lo + rng.choice([1, 3600, 90_000, 500_000])
		timeline = Timeline.lay(calendar._tz, calendar._windows_on, lo, hi)
		assert (timeline.lo, timeline.hi) == (lo, hi)
		for instant in (lo, hi, rng.randint(lo, hi)):
			assert timeline.worked(instant) == calendar.between_ts(lo, instant)


def test_growing_in_any_direction_changes_no_answer():
	rng = random.Random(7)
	week = {day: SHAPES["two"] for day in range(7)}
	asked = [START + rng.randrange(-240, 240) * MONTH // 2 for _ in range(40)]
	grown = WorkCalendar("America/New_York", week)
	for a in asked:
		fresh = WorkCalendar("America/New_York", week)
		assert grown.add_ts(a, 400 * 3600) == fresh.add_ts(a, 400 * 3600)
		assert grown.add_ts(a, -400 * 3600) == fresh.add_ts(a, -400 * 3600)
		assert grown.between_ts(a, START) == fresh.between_ts(a, START)


def test_the_horizon_itself_can_be_reached():
	calendar = WorkCalendar("Pacific/Kiritimati", {day: SHAPES["whole days"] for day in range(7)})
	assert calendar.between_ts(0, 7_258_118_400) == 7_258_118_400
	assert calendar.add_ts(0, 7_258_118_400) == 7_258_118_400
	assert calendar.add_ts(7_258_118_400, -7_258_118_400) == 0
