"""A batch of readings: each line by itself, the same one again is no second one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.routine.normal_state import NOTE, Step
from ops_delivery.domain.routine.reading_batch import Key, Line, last_values, read_batch
from tests.domain.routine.test_normal_state import FANS, LIGHT, ROOM

NOW = datetime(2026, 10, 12, 12, tzinfo=timezone.utc)
STEPS = {step.key: step for step in (ROOM, LIGHT, FANS, Step("note", "Remarks", NOTE))}
OBJECTS = {"rack 1", "rack 2"}


def read(*lines, **more):
	return read_batch([Line(n, *line) for n, line in enumerate(lines, 1)], STEPS, OBJECTS, NOW, **more)


def codes(batch) -> dict[int, str]:
	return {one.number: one.error.code for one in batch.refused}


BAD = [
	("rack 9", "room", 20, NOW),
	("rack 1", "mood", 20, NOW),
	("rack 1", "room", "n/a", NOW),
	("rack 1", "room", 54, NOW, "°F"),
	("rack 1", "room", 20, NOW + timedelta(minutes=6)),
	("rack 1", "room", 20, NOW.replace(tzinfo=None)),
	("rack 1", "room", "", NOW),
	("rack 1", "room", float("nan"), NOW),
]
BAD_CODES = [
	"object_unknown", "step_unknown", "bad_reading", "reading_in_other_unit", "reading_in_future", "reading_without_zone",
	"reading_empty", "bad_reading",
]  # fmt: skip
GOOD = [("rack 1", "room", "20 ℃", NOW), ("rack 2", "room", 33.5, NOW, "℃"), ("rack 1", "light", "amber", NOW)]


def test_a_bad_line_is_refused_by_its_number_and_the_good_ones_are_kept():
	batch = read(*BAD, *GOOD)
	assert codes(batch) == dict(enumerate(BAD_CODES, 1))
	assert [(one.number, one.value, one.state) for one in batch.taken] == [
		(9, 20.0, "normal"), (10, 33.5, "abnormal"), (11, "amber", "at_risk"),
	]  # fmt: skip
	assert all("{" not in str(one.error) for one in batch.refused)


def test_none_is_kept_where_all_or_none_is_asked():
	batch = read(GOOD[0], BAD[0], all_or_none=True)
	assert batch.taken == ()
	assert codes(batch) == {2: "object_unknown"}
	assert len(read(*GOOD, all_or_none=True).taken) == 3


def test_the_same_reading_again_is_no_second_one_and_another_value_is_refused():
	known = {Key("rack 1", "room", NOW): 20.0}
	batch = read(GOOD[0], ("rack 1", "room", 21, NOW), ("rack 1", "light", "green", NOW), ("rack 1", "light", "green", NOW), known=known)
	assert batch.repeated == (1, 4)
	assert codes(batch) == {2: "reading_twice"}
	assert [one.number for one in batch.taken] == [3]


def test_a_moment_is_the_same_in_every_zone():
	east = NOW.astimezone(timezone(timedelta(hours=8)))
	assert read(("rack 1", "room", 20, NOW), ("rack 1", "room", 20, east)).repeated == (2,)


@given(st.lists(st.sampled_from([*GOOD, *BAD]), max_size=20))
def test_every_line_has_one_answer_and_sending_again_adds_nothing(lines):
	batch = read(*lines)
	answered = [*(one.number for one in batch.taken), *(one.number for one in batch.refused), *batch.repeated]
	assert sorted(answered) == list(range(1, len(lines) + 1))
	again = read(*lines, known={one.key: one.value for one in batch.taken})
	assert again.taken == ()


def test_the_last_value_of_each_place():
	earlier = NOW - timedelta(days=1)
	batch = read(("rack 1", "room", 20, NOW), ("rack 1", "room", 18, earlier), ("rack 2", "room", 19, earlier))
	assert {place: one.value for place, one in last_values(batch.taken).items()} == {("rack 1", "room"): 20.0, ("rack 2", "room"): 19.0}
