"""What would have been set off on the way, with nobody acknowledging."""

from __future__ import annotations

import pytest

from .conftest import an_agreement

WARN = {"key": "warn", "kind": "Warning", "moment": "Before", "basis": "Share of Target", "amount": 25}
ALARM = {"key": "alarm", "kind": "Alarm", "moment": "At"}
MANAGER = {
	"key": "boss",
	"kind": "Manager Route",
	"moment": "After",
	"basis": "Working Minutes",
	"amount": 60,
}
EXPERT = {
	"key": "expert",
	"kind": "Expert Route",
	"moment": "Before",
	"basis": "Share of Target",
	"amount": 50,
}


def policy(*steps):
	"""Only Resolution is promised: 4 h at High, 16 h at Low."""
	targets = [target for target in an_agreement()["targets"] if target["commitment"] == "Resolution"]
	return an_agreement(targets=targets, escalation={"policy": "P", "version": 1, "steps": list(steps)})


def rows(*changes):
	return [f"A,2025-01-06 09:00,2025-01-{at},{state},{priority}" for at, state, priority in changes]


@pytest.mark.clause("6.3.e")
@pytest.mark.parametrize(
	("solved", "expected"),
	[
		("06 10:00", (0, 0, 0, 0)),
		("06 11:01", (0, 0, 0, 1)),  # half of 4 h is used at 11:00
		("06 12:30", (1, 0, 0, 1)),  # three quarters are used at 12:00
		("06 14:00", (1, 0, 0, 1)),  # solved at the deadline: no alarm
		("06 14:01", (1, 1, 0, 1)),
		("06 15:00", (1, 1, 0, 1)),
		("06 15:01", (1, 1, 1, 1)),
	],
)
def test_each_fires_when_it_falls_due_while_the_clock_runs(replay, solved, expected):
	ran = replay(rows((solved, "done", 1)), policy(WARN, ALARM, MANAGER, EXPERT))
	kinds = ("Warning", "Alarm", "Manager Route", "Expert Route")
	assert ran.figures["triggers"] == dict(zip(kinds, expected, strict=True))


def test_a_pause_moves_what_is_due(replay):
	"""Paused 10:00–13:30 with an hour used; the alarm would be due at 16:30, not at 14:00."""
	changes = rows(("06 10:00", "wait", 1), ("06 13:30", "open", 1), ("06 16:00", "done", 1))
	assert replay(changes, policy(ALARM)).figures["triggers"]["Alarm"] == 0
	late = rows(("06 10:00", "wait", 1), ("06 13:30", "open", 1), ("06 16:31", "done", 1))
	assert replay(late, policy(ALARM)).figures["triggers"]["Alarm"] == 1


def test_a_raised_priority_fires_at_once_what_is_overdue(replay):
	"""Six hours are used under Low (16 h) when it becomes High (4 h)."""
	changes = rows(("06 16:00", "open", 1), ("06 16:01", "done", 1))
	changes.insert(0, "A,2025-01-06 09:00,2025-01-06 09:00,open,2")
	fired = replay(changes, policy(WARN, ALARM)).figures["triggers"]
	assert (fired["Warning"], fired["Alarm"]) == (0, 1)  # the deadline has passed: no warning any more


@pytest.mark.clause("6.3.e")
def test_what_fell_due_before_a_priority_was_lowered_fired_by_the_steps_of_that_priority(replay):
	"""Half of High's 4 h is used at 11:00; at 12:00 it becomes Low, which this step is not for."""
	step = {**EXPERT, "priorities": ["High"]}
	changes = rows(("06 09:00", "open", 1), ("06 12:00", "open", 2), ("06 12:30", "done", 2))
	assert replay(changes, policy(step)).figures["triggers"]["Expert Route"] == 1
	early = rows(("06 09:00", "open", 1), ("06 10:30", "open", 2), ("06 12:30", "done", 2))
	assert replay(early, policy(step)).figures["triggers"]["Expert Route"] == 0


@pytest.mark.parametrize(
	("solved", "alarms"), [("06 14:30", 1), ("06 16:30", 2), ("06 17:30", 3), ("10 10:00", 3)]
)
def test_repeats_run_to_their_limit(replay, solved, alarms):
	step = {**ALARM, "repeat_minutes": 90, "max_repeats": 2}  # 14:00, 15:30, 17:00
	assert replay(rows((solved, "done", 1)), policy(step)).figures["triggers"]["Alarm"] == alarms


def test_an_open_ticket_fires_until_the_end_of_the_log(replay):
	changes = [*rows(("06 09:00", "open", 1)), "B,2025-01-06 14:00,2025-01-06 14:00,new,2"]
	assert replay(changes, policy(ALARM)).figures["triggers"]["Alarm"] == 1


def test_reopened_late_tickets_do_not_raise_the_same_alarm_again(replay):
	changes = rows(("06 15:00", "done", 1), ("07 10:00", "open", 1), ("07 15:00", "done", 1))
	assert replay(changes, policy(ALARM)).figures["triggers"]["Alarm"] == 1


def test_steps_are_for_the_commitments_and_priorities_they_name(replay):
	steps = [
		{**ALARM, "key": "a", "commitments": ["First Response"]},
		{**ALARM, "key": "b", "priorities": ["Low"]},
		{**ALARM, "key": "c", "commitments": ["Resolution"], "priorities": ["High"]},
	]
	assert replay(rows(("06 17:00", "done", 1)), policy(*steps)).figures["triggers"]["Alarm"] == 1
