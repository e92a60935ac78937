"""When a state is normal, at risk or abnormal; empty is never normal; "all normal" only where the manual allows it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.normal_state import (
	NORMAL,
	Limits,
	Step,
	worst,
)

ROOM = Step("room", "Room temperature", "number", "°C", Limits(10, 18, 27, 32), least=-40, most=80)
LIGHT = Step("light", "Power light", "choice", choices=(("green", "normal"), ("amber", "at_risk"), ("red", "abnormal")))
FANS = Step("fans", "Do all fans turn?", "question")
ALARM = Step("alarm", "Is there an alarm?", "question", normal_answer="no", other_answer="at_risk")
PHOTO = Step("seal", "Is the seal whole?", "question", evidence=True)
LOAD = Step("load", "Load", "number", "%", required=False)


@pytest.mark.parametrize(
	("value", "state"),
	[
		(20, "normal"), (18, "normal"), (27, "normal"), (17.9, "at_risk"), (27.1, "at_risk"), (10, "at_risk"), (32, "at_risk"),
		(9.99, "abnormal"), (32.01, "abnormal"), (None, "not_seen"), ("", "not_seen"), (0, "abnormal"),
	],
)  # fmt: skip
def test_a_number_is_judged_by_its_limits(value, state):
	assert ROOM.state(value) == state


@pytest.mark.parametrize(
	("limits", "value", "state"),
	[
		(Limits(warn_high=80), 81, "at_risk"),
		(Limits(alarm_high=80), 81, "abnormal"),
		(Limits(alarm_high=80), -5, "normal"),
		(Limits(alarm_low=5, warn_high=80), 4, "abnormal"),
		(Limits(5, 5, 5, 5), 5, "normal"),
		(Limits(5, 5, 5, 5), 5.1, "abnormal"),
	],
)
def test_a_limit_alone_says_what_it_says(limits, value, state):
	assert limits.state(value) == state


def test_choices_and_questions():
	assert [LIGHT.state(value) for value in ("green", "amber", "red")] == ["normal", "at_risk", "abnormal"]
	assert [FANS.state(value) for value in ("yes", "no")] == ["normal", "abnormal"]
	assert [ALARM.state(value) for value in ("yes", "no")] == ["at_risk", "normal"]
	assert LOAD.state(70) is None  # only recorded


@pytest.mark.parametrize(
	("step", "value"),
	[(ROOM, "20"), (ROOM, True), (ROOM, float("nan")), (ROOM, float("inf")), (LIGHT, "blue"), (FANS, "perhaps"), (FANS, 1)],
)
def test_a_value_the_step_cannot_have_shows_no_state(step, value):
	with pytest.raises(DomainError) as caught:
		step.state(value)
	assert caught.value.code == "step_value"
	assert step.title in str(caught.value)


ordered = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4).map(sorted)


@given(ordered, st.floats(-2e6, 2e6))
def test_the_state_worsens_away_from_the_middle(numbers, value):
	limits = Limits(*numbers)
	rank = ("normal", "at_risk", "abnormal").index
	middle = (numbers[1] + numbers[2]) / 2
	assert limits.state(min(max(middle, numbers[1]), numbers[2])) == "normal"
	farther = value + (1 if value >= middle else -1)
	assert rank(limits.state(farther)) >= rank(limits.state(value))


@pytest.mark.parametrize(
	("make", "code"),
	[
		(lambda: Limits(5, 4), "limits_out_of_order"),
		(lambda: Limits(alarm_low=5, alarm_high=4), "limits_out_of_order"),
		(lambda: Limits(alarm_low=float("nan")), "limit_no_number"),
		(lambda: Limits(alarm_low="5"), "limit_no_number"),
		(lambda: Step("", "", "number"), "step_without_key"),
		(lambda: Step("a", "A", "picture"), "step_bad_kind"),
		(lambda: Step("a", "A", "question", unit="°C"), "step_part_misplaced"),
		(lambda: Step("a", "A", "note", choices=(("a", "normal"), ("b", "normal"))), "step_part_misplaced"),
		(lambda: Step("a", "A", "choice"), "step_without_choices"),
		(lambda: Step("a", "A", "choice", choices=(("a", "normal"), ("a", "abnormal"))), "step_choice_twice"),
		(lambda: Step("a", "A", "choice", choices=(("a", "abnormal"), ("b", "at_risk"))), "step_without_normal_choice"),
		(lambda: Step("a", "A", "choice", choices=(("a", "normal"), ("b", "odd"))), "step_bad_state"),
		(lambda: Step("a", "A", "question", normal_answer="maybe"), "step_bad_state"),
		(lambda: Step("a", "A", "number", limits=Limits(alarm_high=90), most=80), "step_limit_impossible"),
		(lambda: Step("a", "A", "number", least=5, most=5), "step_limit_impossible"),
	],
)
def test_a_step_that_makes_no_sense_is_refused(make, code):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code
	assert "{" not in str(caught.value)


def test_a_round_is_as_its_worst_step_and_empty_is_never_normal():
	assert worst([NORMAL, NORMAL, None]) == NORMAL
	assert worst([NORMAL, ROOM.state(11.0)]) == "at_risk"
	assert worst([LIGHT.state("amber"), FANS.state("no")]) == "abnormal"
	assert worst([NORMAL, ROOM.state(None)]) == worst([NORMAL, ROOM.state("")]) == "not_seen"
	assert worst([LOAD.state(70.0)]) == worst([]) == "not_seen"  # nothing was judged


@pytest.mark.parametrize(
	("step", "recorded", "shown", "lacks"),
	[
		(ROOM, False, False, True), (ROOM, True, False, False),
		(LOAD, False, False, False), (LOAD, True, False, False),
		(PHOTO, False, False, True), (PHOTO, True, False, True), (PHOTO, True, True, False),
		(replace(PHOTO, required=False), False, False, False), (replace(PHOTO, required=False), True, False, True),
	],
)  # fmt: skip
def test_what_a_round_lacks(step, recorded, shown, lacks):
	assert step.lacks(recorded, shown) is lacks


def test_all_normal_enters_an_answer_that_alone_is_normal_and_nothing_that_has_to_be_found():
	assert (FANS.only_normal, ALARM.only_normal, LIGHT.only_normal) == ("yes", "no", "green")
	two = Step("door", "Door", "choice", choices=(("shut", "normal"), ("locked", "normal"), ("open", "abnormal")))
	for step in (ROOM, LOAD, PHOTO, two, Step("more", "What else", "note")):
		assert step.only_normal is None, step
