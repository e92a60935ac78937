"""Readings as they are typed: understood where they can be meant in one way, refused by name where not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import NumberFormat
from ops_delivery.domain.routine.normal_state import Limits, Step
from ops_delivery.domain.routine.typed_readings import read_value, same_unit
from tests.domain.routine.test_normal_state import FANS, LIGHT, ROOM

ENGLISH, GERMAN = NumberFormat.of("#,###.##"), NumberFormat.of("#.###,##")
COUNT = Step("count", "Restarts", "number")
FLOW = Step("flow", "Flow", "number", "m³/h", Limits(alarm_low=1))
NOTE = Step("note", "Remarks", "note")


@pytest.mark.parametrize(
	("typed", "value"),
	[
		("12", 12), ("12 ℃", 12), ("12℃", 12), ("12 °C", 12), ("12 ° C", 12), ("12 C", 12), ("12度", 12), ("12 摄氏度", 12),
		("１２", 12), ("１２　℃", 12), ("１２．５℃", 12.5), ("−3", -3), ("－3", -3), ("–3 °C", -3), ("-3°C", -3), ("+3", 3),
		("12,5", 12.5), ("12.5 °C", 12.5), ("1e1", 10), (12, 12), (12.5, 12.5), (" 12 ", 12), ("-0", 0), (0, 0),
	],
)  # fmt: skip
def test_a_temperature_is_understood(typed, value):
	found = read_value(ROOM, typed)
	assert found == value
	assert str(found) == str(float(value))


@pytest.mark.parametrize(("typed", "english", "german"), [("1,500", 1500, 1.5), ("1.500", 1.5, 1500), ("1,500.5", 1500.5, 1500.5)])
def test_the_sites_format_decides_where_a_number_can_mean_two(typed, english, german):
	assert (read_value(COUNT, typed, ENGLISH), read_value(COUNT, typed, GERMAN)) == (english, german)


@pytest.mark.parametrize("typed", ["12 m³/h", "12 m3/h", "12 m^3/h", "12m3/h"])
def test_a_power_in_a_unit_is_no_part_of_the_number(typed):
	assert read_value(FLOW, typed) == 12


@pytest.mark.parametrize("typed", [None, "", "   ", "　"])
def test_empty_is_no_value_and_never_normal(typed):
	for step in (ROOM, LIGHT, FANS, NOTE):
		assert read_value(step, typed) is None
		assert step.state(read_value(step, typed)) == "not_seen"


@pytest.mark.parametrize(
	("step", "typed", "code", "names"),
	[
		(ROOM, "54 °F", "reading_in_other_unit", "°F"),
		(ROOM, "285 K", "reading_in_other_unit", "K"),
		(ROOM, "12万", "reading_in_other_unit", "万"),
		(COUNT, "3 %", "reading_in_other_unit", "3 %"),
		(Step("p", "Power", "number", "MW"), "3 mW", "reading_in_other_unit", "mW"),
		(ROOM, "warm", "bad_reading", "warm"),
		(ROOM, "12-15", "bad_reading", "12-15"),
		(ROOM, "12～15", "bad_reading", "12～15"),
		(ROOM, "120/80", "bad_reading", "120/80"),
		(ROOM, "12 13", "bad_reading", "12 13"),
		(ROOM, "1.2.3", "bad_reading", "1.2.3"),
		(ROOM, "十二", "bad_reading", "十二"),
		(ROOM, "nan", "bad_reading", "nan"),
		(ROOM, "inf", "bad_reading", "inf"),
		(ROOM, "1e999", "bad_reading", "1e999"),
		(ROOM, float("nan"), "bad_reading", "nan"),
		(ROOM, float("inf"), "bad_reading", "inf"),
		(ROOM, True, "bad_reading", "True"),
		(ROOM, [12], "bad_reading", "12"),
		(ROOM, "--3", "bad_reading", "--3"),
		(ROOM, "12²", "reading_in_other_unit", "12²"),
		(ROOM, "<b>", "bad_reading", "<b>"),
		(ROOM, "81", "reading_impossible", "80"),
		(ROOM, "-273", "reading_impossible", "-40"),
		(COUNT, "1e20", "reading_impossible", "1e20"),
		(LIGHT, "blue", "choice_unknown", "green, amber, red"),
		(LIGHT, 1, "choice_unknown", "green, amber, red"),
		(FANS, "perhaps", "bad_tick", "perhaps"),
		(NOTE, 5, "bad_reading", "5"),
	],
)
def test_what_cannot_be_understood_is_refused_by_name(step, typed, code, names):
	with pytest.raises(DomainError) as caught:
		read_value(step, typed)
	assert caught.value.code == code
	assert names in str(caught.value)
	assert step.title in str(caught.value)


def test_choices_and_answers_are_read_as_people_write_them():
	assert [read_value(LIGHT, typed) for typed in ("green", "Green", " ＧＲＥＥＮ ")] == ["green"] * 3
	assert [read_value(FANS, typed) for typed in ("yes", "是", "√", True, 1, "no", "否", "0")] == ["yes"] * 5 + ["no"] * 3
	assert read_value(NOTE, " as usual ") == "as usual"


def test_units_that_mean_the_same():
	assert same_unit("℃", "°C")
	assert same_unit("％", "%")
	assert same_unit("m³", "m^3")
	assert not same_unit("MB", "Mb")
	assert not same_unit("°C", "°F")


@given(st.decimals(-10**9, 10**9, places=3), st.sampled_from(("", " ℃", "°C", "　度")), st.booleans())
def test_every_number_is_read_back(number, unit, full_width):
	text = f"{number:f}{unit}"
	if full_width:
		text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})
	step = Step("t", "T", "number", "°C")
	assert read_value(step, text) == float(Decimal(number))


@given(st.text(max_size=12))
def test_any_text_is_a_number_nothing_or_refused(text):
	try:
		value = read_value(ROOM, text)
	except DomainError as error:
		str(error)
		assert error.code in ("bad_reading", "reading_in_other_unit", "reading_impossible")
	else:
		assert value is None or -40 <= value <= 80
