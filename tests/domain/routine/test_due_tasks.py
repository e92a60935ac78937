"""Tasks are made once for each planned date, whoever slept; done early or late; who does them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.calendar import DayException, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span
from ops_delivery.domain.routine.due_tasks import (
	ScheduleTerms,
	due_tasks,
	missed_tasks,
	next_after,
	task_key,
	upcoming,
)
from ops_delivery.domain.routine.planned_dates import Recurrence
from ops_delivery.domain.routine.recurrence import day_of
from ops_delivery.domain.routine.rotation import Absence, choose
from ops_delivery.domain.routine.rule import Rule
from tests.domain.samples import OFFICE

ONE = timedelta(days=1)
START = date(2026, 10, 12)  # a Monday
DAILY = Recurrence(Rule.read("FREQ=DAILY"), START)


def days(tasks) -> list[int]:
	return [day_of(task.planned.at).day for task in tasks]


def test_what_was_missed_while_nobody_looked_is_made_as_missed():
	"""The scheduler slept from the 12th to the 21st."""
	tasks = due_tasks("S", DAILY, ScheduleTerms(START), date(2026, 10, 21), set())
	assert days(tasks) == list(range(12, 22))
	assert days(missed_tasks(tasks)) == list(range(12, 21))
	again = due_tasks("S", DAILY, ScheduleTerms(START), date(2026, 10, 21), {task.key for task in tasks})
	assert again == []


def test_a_task_is_made_ahead_and_missed_only_after_its_deadline():
	terms = ScheduleTerms(START, lead_days=3, deadline_days=2)
	assert days(due_tasks("S", DAILY, terms, START, set())) == [12, 13, 14, 15]
	tasks = due_tasks("S", DAILY, terms, START + 3 * ONE, set())
	assert [(day_of(task.planned.at).day, task.deadline.day, task.missed) for task in tasks[:2]] == [(12, 14, True), (13, 15, False)]


def test_a_schedule_with_a_start_in_the_past_owes_nothing_for_the_past():
	terms = ScheduleTerms(date(2026, 10, 20))
	assert days(due_tasks("S", DAILY, terms, date(2026, 10, 21), set())) == [20, 21]
	moved = Recurrence(Rule.read("FREQ=DAILY"), START, closed="before", calendar=OFFICE)
	assert days(due_tasks("S", moved, terms, date(2026, 10, 21), set())) == [20, 21]
	# Saturday's work is Monday's, but Saturday was before
	saturdays = Recurrence(Rule.read("FREQ=WEEKLY;BYDAY=SA"), START, closed="after", calendar=OFFICE)
	assert due_tasks("S", saturdays, ScheduleTerms(date(2026, 10, 18)), date(2026, 10, 21), set()) == []


def test_a_paused_and_an_ended_schedule():
	terms = ScheduleTerms(START, last=date(2026, 10, 18), pauses=(Span(date(2026, 10, 14), date(2026, 10, 16)),))
	assert days(due_tasks("S", DAILY, terms, date(2026, 10, 30), set())) == [12, 13, 17, 18]
	assert due_tasks("S", DAILY, terms, START - ONE, set()) == []


def test_a_first_date_that_lies_on_a_closed_day_is_not_lost_and_a_last_one_neither():
	saturday = date(2026, 10, 17)
	for closed, day in (("before", 16), ("after", 19)):
		recurrence = Recurrence(Rule.read("FREQ=WEEKLY"), saturday, closed=closed, calendar=OFFICE)
		terms = ScheduleTerms(saturday, last=saturday, lead_days=1)
		assert days(due_tasks("S", recurrence, terms, date(2026, 10, 20), set())) == [day]
		assert days(due_tasks("S", recurrence, terms, date(2026, 10, 15), set())) == ([day] if closed == "before" else [])


def test_a_holiday_announced_later_moves_the_date_and_makes_no_second_task():
	rule = Rule.read("FREQ=WEEKLY;BYDAY=MO")
	before = Recurrence(rule, START, closed="after", calendar=OFFICE)
	(task,) = due_tasks("S", before, ScheduleTerms(START), START, set())
	closed = WorkCalendar(
		OFFICE.zone, dict(enumerate(OFFICE.week)), [*OFFICE.exceptions, DayException(START, "holiday")], OFFICE.name
	)
	after = Recurrence(rule, START, closed="after", calendar=closed)
	assert due_tasks("S", after, ScheduleTerms(START), START + ONE, {task.key}) == []
	(moved,) = due_tasks("S", after, ScheduleTerms(START), START + ONE, set())
	assert (moved.key, moved.planned.at) == (task.key, START + ONE)


@settings(max_examples=60)
@given(
	st.sampled_from(("FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TH,SA", "FREQ=MONTHLY;BYMONTHDAY=31,15,1")),
	st.sampled_from(("keep", "skip", "before", "after")), st.integers(0, 20), st.integers(0, 5),
	st.lists(st.integers(1, 15), min_size=1, max_size=12),
)  # fmt: skip
def test_however_often_it_runs_each_date_is_made_once_and_the_preview_shows_them(rule, closed, lead, deadline, sleeps):
	recurrence = Recurrence(Rule.read(rule), START, closed=closed, calendar=None if closed == "keep" else OFFICE)
	terms = ScheduleTerms(START, lead_days=lead, deadline_days=deadline)
	made: dict = {}
	today = START
	for sleep in sleeps:
		today += sleep * ONE
		for task in due_tasks("S", recurrence, terms, today, set(made)):
			assert task.key not in made
			made[task.key] = task
		# a second run at once, and one that knew only the settled days
		assert due_tasks("S", recurrence, terms, today, set(made)) == []
	previewed = upcoming(recurrence, terms, None, today + lead * ONE)
	assert [task.planned for task in sorted(made.values(), key=lambda task: task.planned.origin)] == previewed
	settled = today - 10 * ONE
	late = [task.key for task in due_tasks("S", recurrence, terms, today, set(), since=settled)]
	assert late == [task_key("S", one.origin) for one in previewed if day_of(one.at) >= settled]


def test_a_key_is_the_schedules_and_the_rules_own_date():
	assert task_key("RS-1", date(2026, 1, 31)) == "RS-1@2026-01-31"
	assert task_key("RS-1", datetime(2026, 1, 31, 9)) == "RS-1@2026-01-31T09:00:00"  # noqa: DTZ001


def monthly(start="2026-01-31", **more):
	return Recurrence(Rule.read("FREQ=MONTHLY"), date.fromisoformat(start), **more)


@pytest.mark.parametrize(
	("rhythm", "done", "following"),
	[
		("kept", date(2026, 10, 12), date(2026, 10, 26)),
		("kept", date(2026, 10, 15), date(2026, 10, 26)),  # late
		("kept", date(2026, 10, 9), date(2026, 10, 26)),  # early
		("moved", date(2026, 10, 12), date(2026, 10, 26)),
		("moved", date(2026, 10, 15), date(2026, 10, 29)),
		("moved", date(2026, 10, 9), date(2026, 10, 23)),
	],
)
def test_done_early_or_late_the_rhythm_is_kept_or_moved_as_chosen(rhythm, done, following):
	recurrence = Recurrence(Rule.read("FREQ=DAILY;INTERVAL=14"), START)
	(planned,) = recurrence.first(1)
	assert next_after(recurrence, planned, done, rhythm).at == following


def test_done_on_its_day_the_31st_stays_the_31st():
	recurrence = monthly(short_month="last")
	february = recurrence.first(2)[1]
	assert february.at == date(2026, 2, 28)
	assert next_after(recurrence, february, date(2026, 2, 28), "moved").at == date(2026, 3, 31)
	assert next_after(recurrence, february, date(2026, 3, 2), "moved").at == date(2026, 4, 2)


def test_after_the_last_date_there_is_none():
	recurrence = Recurrence(Rule.read("FREQ=DAILY;COUNT=1"), START)
	(only,) = recurrence.first(1)
	assert next_after(recurrence, only, START) is None


@pytest.mark.parametrize(
	("make", "code"),
	[
		(lambda: ScheduleTerms(START, lead_days=-1), "schedule_bad_days"),
		(lambda: ScheduleTerms(START, deadline_days=999), "schedule_bad_days"),
		(lambda: ScheduleTerms(START, lead_days=True), "schedule_bad_days"),
		(lambda: ScheduleTerms(START, last=START - ONE), "schedule_reversed"),
		(lambda: ScheduleTerms(START, pauses=(Span(START, START - ONE),)), "schedule_reversed"),
		(lambda: next_after(DAILY, DAILY.first(1)[0], START, "bent"), "rhythm_bad_choice"),
		(
			lambda: next_after(Recurrence(Rule.read("FREQ=DAILY;COUNT=3"), START), DAILY.first(1)[0], START, "moved"),
			"rhythm_moves_count",
		),
		(lambda: choose([], 0, START), "rotation_empty"),
		(lambda: choose(["a", "b", "a"], 0, START), "rotation_person_twice"),
	],
)
def test_what_makes_no_sense_is_refused(make, code):
	with pytest.raises(DomainError) as caught:
		make()
	assert caught.value.code == code
	assert "{" not in str(caught.value)


WEEK = (START, START + 6 * ONE)


def who(people, turn, *absences, left=(), day=START):
	choice = choose(people, turn, day, [Absence(*one) for one in absences], left)
	return choice.person, choice.why, choice.instead_of


def test_people_take_turns():
	assert [choose(["a", "b", "c"], turn, START).person for turn in range(4)] == ["a", "b", "c", "a"]


def test_who_is_away_is_stood_in_for():
	assert who(["a"], 0, ("a", *WEEK, "z")) == ("z", "substitute", "a")
	assert who(["a"], 0, ("a", *WEEK, "z"), day=START + 7 * ONE) == ("a", "on_duty", "")
	assert who(["a", "b"], 0, ("a", *WEEK)) == ("b", "next_in_turn", "a")
	assert who(["a", "b"], 0, ("a", *WEEK, "y"), ("y", *WEEK, "z")) == ("z", "substitute", "a")
	assert who(["a", "b"], 0, ("a", *WEEK, "y"), ("y", *WEEK, "a")) == ("b", "next_in_turn", "a")  # they name each other
	assert who(["a", "b", "c"], 1, left=("b",)) == ("c", "next_in_turn", "b")
	assert who(["a"], 0, ("a", *WEEK)) == ("", "nobody", "a")
	assert who(["a"], 0, left=("a",)) == ("", "nobody", "a")


@given(st.integers(1, 5), st.integers(0, 50), st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)))
def test_nobody_who_is_away_or_left_is_chosen(number, turn, away, left):
	people = [str(n) for n in range(number)]
	absences = [Absence(str(n), *WEEK, str((n + 1) % 5)) for n in away]
	choice = choose(people, turn, START, absences, {str(n) for n in left})
	there = {str(n) for n in range(5)} - {str(n) for n in away | left}
	assert choice.person in there or (choice.why == "nobody" and not there & set(people))
	if people[turn % number] in there:
		assert choice.person == people[turn % number]
