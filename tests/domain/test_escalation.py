"""Warning, alarm and the two routes: when a policy's steps are due, and when again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.clock import Event, Kind, replay
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.escalation import Fired, Step, Trigger, plan, step_due, validate_steps
from tests.domain.samples import CALENDARS, HOUR, OFFICE, at

WARN = Step("warn", "Warning", "Before", "Share of Target", 25)
ALARM = Step("alarm", "Alarm", "At", repeat_minutes=30, max_repeats=2)
MANAGER = Step("manager", "Manager Route", "After", "Working Minutes", 60)
EXPERT = Step("expert", "Expert Route", "Before", "Wall Minutes", 90, priorities={"Urgent"})
STEPS = (WARN, ALARM, MANAGER, EXPERT)

START = Event(Kind.START, at(12, 9), 4 * HOUR, "5x8")  # due Monday 14:00; 3 h are used at 12:00


def clock_after(*events: Event):
	return replay([START, *events], CALENDARS)


def planned(clock, now, fired=(), acknowledged=(), steps=STEPS, priority="High"):
	return plan(clock, steps, "Resolution", priority, CALENDARS[clock.calendar], fired, acknowledged, now)


# When a step is due


@pytest.mark.parametrize(
	("step", "due"),
	[
		(WARN, at(12, 12)),
		(Step("s", "Warning", "Before", "Share of Target", 100), at(12, 9)),
		(Step("s", "Warning", "Before", "Working Minutes", 60), at(12, 13)),
		(Step("s", "Warning", "Before", "Working Minutes", 90), at(12, 11, 30)),
		(Step("s", "Warning", "Before", "Wall Minutes", 90), at(12, 12, 30)),
		(ALARM, at(12, 14)),
		(Step("s", "Alarm", "At", "Wall Minutes", 500), at(12, 14)),
		(Step("s", "Manager Route", "After", "Share of Target", 50), at(12, 16)),
		(Step("s", "Manager Route", "After", "Share of Target", 150), at(13, 11)),
		(Step("s", "Manager Route", "After", "Working Minutes", 300), at(13, 10)),
		(Step("s", "Manager Route", "After", "Wall Minutes", 300), at(12, 19)),
	],
)
@pytest.mark.clause("6.3.e.1", "6.3.e.2", "6.3.e.3")
def test_the_moment_of_a_step(step, due):
	assert step_due(step, clock_after(), OFFICE) == due


@pytest.mark.clause("6.3.e")
def test_a_clock_that_does_not_run_has_no_triggers():
	for kind in (Kind.PAUSE, Kind.MET, Kind.CANCELLED):
		clock = clock_after(Event(kind, at(12, 10)))
		assert step_due(WARN, clock, OFFICE) is None
		assert planned(clock, at(12, 10)) == []


def test_a_share_is_one_of_the_budget_whatever_was_held():
	clock = clock_after(Event(Kind.PAUSE, at(12, 11)), Event(Kind.RESUME, at(14, 10)))
	assert step_due(WARN, clock, OFFICE) == at(14, 11)
	assert step_due(ALARM, clock, OFFICE) == at(14, 12)


# The first round


@pytest.mark.clause("6.3.e", "6.3.e.1", "6.3.e.2", "6.3.e.3")
def test_a_plan_warns_before_alarms_at_and_escalates_by_both_routes():
	assert planned(clock_after(), at(12, 9), priority="Urgent") == [
		Trigger("warn", 1, at(12, 12)),
		Trigger("expert", 1, at(12, 12, 30)),
		Trigger("alarm", 1, at(12, 14)),
		Trigger("manager", 1, at(12, 15)),
	]


@pytest.mark.clause("6.3.c")
def test_steps_are_for_their_commitments_and_priorities():
	steps = (EXPERT, Step("arrival", "Alarm", "At", commitments={"On-site Arrival"}))
	assert planned(clock_after(), at(12, 9), steps=steps) == []
	assert [t.step for t in planned(clock_after(), at(12, 9), steps=steps, priority="Urgent")] == ["expert"]


def test_triggers_due_together_keep_the_order_of_the_policy():
	steps = (
		Step("b", "Alarm", "At"),
		Step("a", "Manager Route", "At"),
		Step("w", "Warning", "Before", amount=50),
	)
	assert [t.step for t in planned(clock_after(), at(12, 9), steps=steps)] == ["w", "b", "a"]


def test_what_is_overdue_keeps_its_true_due():
	assert Trigger("warn", 1, at(12, 12)) in planned(clock_after(), at(12, 13, 59))
	assert planned(clock_after(), at(13, 9)) == [
		Trigger("alarm", 1, at(12, 14)),
		Trigger("manager", 1, at(12, 15)),
	]


@pytest.mark.clause("6.3.e.1")
def test_a_warning_is_dropped_once_the_deadline_has_passed():
	assert "warn" in [t.step for t in planned(clock_after(), at(12, 13, 59, 59))]
	assert "warn" not in [t.step for t in planned(clock_after(), at(12, 14))]


def test_a_warning_never_repeats_into_the_deadline():
	nagging = Step("warn", "Warning", "Before", "Wall Minutes", 60, repeat_minutes=30, max_repeats=5)
	first, second = Fired("warn", 1, at(12, 13)), Fired("warn", 2, at(12, 13, 30))
	assert planned(clock_after(), at(12, 13), [first], steps=[nagging]) == [
		Trigger("warn", 2, at(12, 13, 30))
	]
	assert planned(clock_after(), at(12, 13, 30), [first, second], steps=[nagging]) == []


# Again


ALARMED = [Fired("warn", 1, at(12, 12)), Fired("alarm", 1, at(12, 14))]


@pytest.mark.clause("6.3.e.2")
def test_an_alarm_repeats_until_its_limit():
	fired, rounds = [Fired("alarm", 1, at(12, 14))], []
	while due := planned(clock_after(), fired[-1].at, fired, steps=[ALARM]):
		rounds.append(due[0])
		fired.append(Fired("alarm", due[0].round, due[0].due))
	assert rounds == [Trigger("alarm", 2, at(12, 14, 30)), Trigger("alarm", 3, at(12, 15))]


@pytest.mark.clause("6.3.e.2")
def test_acknowledging_ends_the_repeats():
	assert planned(clock_after(), at(12, 14), ALARMED, {"alarm"}, steps=[WARN, ALARM]) == []


def test_a_repeat_counts_from_the_firing_that_happened():
	late = [Fired("alarm", 1, at(12, 14, 7))]
	assert planned(clock_after(), at(12, 14, 7), late, steps=[ALARM]) == [Trigger("alarm", 2, at(12, 14, 37))]


def test_a_step_without_repeats_fires_once():
	fired = [*ALARMED, Fired("manager", 1, at(12, 15))]
	assert planned(clock_after(), at(12, 15), fired, {"alarm"}) == []


@pytest.mark.clause("6.3.e.1", "6.3.e.2")
def test_a_deadline_moved_ahead_warns_and_alarms_anew():
	clock = clock_after(Event(Kind.TARGET, at(12, 14), 8 * HOUR))  # due 18:00, warning (6 h used) at 16:00
	assert planned(clock, at(12, 14), ALARMED, {"alarm"}, steps=[WARN, ALARM]) == [
		Trigger("warn", 2, at(12, 16)),
		Trigger("alarm", 2, at(12, 18)),
	]


def test_a_moved_deadline_ends_the_old_repeats_and_begins_its_own():
	"""Even when it moves by less than a repeat: the promised time that counts is the new one."""
	clock = clock_after(Event(Kind.TARGET, at(12, 14, 5), 4 * HOUR + 600))
	assert planned(clock, at(12, 14, 5), ALARMED, steps=[ALARM]) == [Trigger("alarm", 2, at(12, 14, 10))]
	fired = [*ALARMED, Fired("alarm", 2, at(12, 14, 10)), Fired("alarm", 3, at(12, 14, 40))]
	assert planned(clock, at(12, 14, 40), fired, steps=[ALARM]) == [Trigger("alarm", 4, at(12, 15, 10))]


def test_a_hold_that_moves_the_deadline_moves_its_steps():
	events = Event(Kind.PAUSE, at(12, 13)), Event(Kind.RESUME, at(13, 9))
	warned = [Fired("warn", 1, at(12, 12)), Fired("alarm", 1, at(12, 12, 30))]
	assert planned(clock_after(*events), at(13, 9), warned, steps=[ALARM]) == [
		Trigger("alarm", 2, at(13, 10))
	]


@pytest.mark.clause("6.3.e")
def test_holding_and_resuming_a_late_matter_raises_no_second_alarm():
	"""Resuming on Tuesday puts the overspent deadline at Tuesday 8:55 by budget, after the alarm: it is told already."""
	clock = clock_after(Event(Kind.PAUSE, at(12, 14, 5)), Event(Kind.RESUME, at(13, 9)))
	once = Step("alarm", "Alarm", "At")
	assert clock.due > ALARMED[-1].at - timedelta(minutes=1)
	assert planned(clock, at(13, 9), ALARMED, steps=[WARN, once]) == []


def test_an_alarm_that_a_hold_forestalled_is_still_raised():
	clock = clock_after(Event(Kind.PAUSE, at(12, 14, 5)), Event(Kind.RESUME, at(13, 9)))
	assert planned(clock, at(13, 9), steps=[ALARM]) == [Trigger("alarm", 1, clock.due)]


def test_holds_do_not_renew_the_repeats():
	fired = list(ALARMED)
	events = []
	for day in range(13, 17):
		events += [Event(Kind.PAUSE, at(day - 1, 17)), Event(Kind.RESUME, at(day, 9))]
		for trigger in planned(clock_after(*events), at(day, 9), fired, steps=[ALARM]):
			fired.append(Fired(trigger.step, trigger.round, max(trigger.due, at(day, 9))))
	assert [f.round for f in fired if f.step == "alarm"] == [1, 2, 3]


@given(st.lists(st.integers(1, 40_000), max_size=6), st.integers(0, 90_000))
def test_rounds_go_up_by_one_and_every_step_has_one_trigger(gaps, later):
	"""However the sweep dawdles, (step, round) is never planned twice once it has fired."""
	clock, now, fired = clock_after(), at(12, 9), []
	for gap in gaps:
		now += timedelta(seconds=gap)
		fired += [
			Fired(t.step, t.round, now) for t in planned(clock, now, fired, priority="Urgent") if t.due <= now
		]
	pending = planned(clock, now + timedelta(seconds=later), fired, priority="Urgent")
	assert len({t.step for t in pending}) == len(pending)
	assert len({(f.step, f.round) for f in fired}) == len(fired)
	for step in STEPS:
		rounds = [f.round for f in fired if f.step == step.key]
		assert rounds == list(range(1, len(rounds) + 1))
		assert len(rounds) <= 1 + step.max_repeats


# A policy that cannot work

REFUSED = {
	"missing_key": [Step("", "Alarm", "At")],
	"duplicate_step": [WARN, ALARM, WARN],
	"bad_amount": [Step("s", "Warning", "Before", "Working Minutes", 0)],
	"late_warning": [Step("s", "Warning", "At")],
	"early_alarm": [Step("s", "Alarm", "Before", "Wall Minutes", 5)],
	"bad_repeat": [Step("s", "Alarm", "At", repeat_minutes=-1)],
	"repeat_without_limit": [Step("s", "Alarm", "At", repeat_minutes=10)],
}


@pytest.mark.clause("6.3.e")
@pytest.mark.parametrize("code", REFUSED)
def test_a_policy_that_cannot_work_is_refused(code):
	with pytest.raises(DomainError) as caught:
		validate_steps(REFUSED[code])
	assert caught.value.code == code
	assert caught.value.context["field"].startswith("steps[0].")


def test_a_share_before_the_deadline_is_100_percent_at_most():
	validate_steps([Step("s", "Warning", "Before", "Share of Target", 100), *STEPS])
	validate_steps([Step("s", "Manager Route", "After", "Share of Target", 250)])
	with pytest.raises(DomainError) as caught:
		validate_steps([WARN, Step("s", "Warning", "Before", "Share of Target", 101)])
	assert (caught.value.code, caught.value.context["field"]) == ("bad_amount", "steps[1].amount")


def test_a_step_of_an_unknown_kind_is_refused():
	for words in (("Whisper", "At"), ("Alarm", "Sometime"), ("Alarm", "At", "Moons")):
		with pytest.raises(DomainError) as caught:
			Step("s", *words)
		assert caught.value.code == "bad_step"
		assert caught.value.context["value"] == words[-1] or words[0] == "Whisper"


@pytest.mark.parametrize(
	("step", "ok"),
	[
		(Step("s", "Alarm", "At", repeat_minutes=0, max_repeats=0), True),
		(Step("s", "Alarm", "At", repeat_minutes=1, max_repeats=1), True),
		(Step("s", "Alarm", "At", repeat_minutes=1, max_repeats=-1), False),
		(Step("s", "Alarm", "At", amount=-5), True),  # At has no distance
		(Step("s", "Alarm", "After", amount=-5), False),
		(Step("s", "Alarm", "After", amount=0), False),
		(Step("s", "Alarm", "After", amount=0.5), True),
		(Step("s", "Warning", "Before", "Working Minutes", 500), True),
		(Step("s", "Warning", "After", amount=5), False),
		(Step("s", "Manager Route", "Before", amount=5), True),
	],
)
def test_what_a_step_may_say(step, ok):
	if ok:
		validate_steps([step])
	else:
		with pytest.raises(DomainError) as caught:
			validate_steps([WARN, step])
		assert caught.value.context["field"].startswith("steps[1].")


def test_a_distance_is_at_least_a_second_and_rounds_to_the_nearest():
	clock = clock_after()
	for basis in ("Working Minutes", "Wall Minutes"):
		assert step_due(Step("s", "Alarm", "After", basis, 0.001), clock, OFFICE) == clock.due + timedelta(seconds=1)
		assert step_due(Step("s", "Alarm", "After", basis, 0.06), clock, OFFICE) == clock.due + timedelta(seconds=4)
	assert step_due(Step("s", "Alarm", "After", amount=0.001), clock, OFFICE) == clock.due + timedelta(seconds=1)


def test_who_a_step_is_for():
	both = Step("s", "Alarm", "At", commitments={"Arrival"}, priorities={"High", "Low"})
	assert both.applies_to("Arrival", "Low")
	assert not both.applies_to("Arrival", "Urgent") and not both.applies_to("Resolution", "Low")
	assert WARN.applies_to("anything", "whatever")


def test_rounds_go_on_from_the_last():
	fired = [Fired("alarm", 4, at(12, 14)), Fired("alarm", 2, at(12, 13))]
	assert planned(clock_after(), at(12, 14), fired, steps=[ALARM]) == [Trigger("alarm", 5, at(12, 14, 30))]
