"""Tasks are made once for each planned date, whoever slept; who does them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.calendar import DayException, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.due_tasks import Terms, due_tasks
from ops_delivery.domain.routine.planned_dates import Recurrence
from ops_delivery.domain.routine.rotation import Absence, choose
from ops_delivery.domain.routine.rule import Rule
from tests.domain.samples import OFFICE

ONE = timedelta(days=1)
START = date(2026, 10, 12)  # a Monday
DAILY = Recurrence(Rule.read("FREQ=DAILY"), START)


def run(recurrence=DAILY, today=START, made=(), most=1000, since=None, **terms):
	return due_tasks(recurrence.dates(since), Terms(**terms), today, set(made), most)


def days(found) -> list[int]:
	return [task.planned.at.day for task in found.tasks]


def test_what_was_missed_while_nobody_looked_is_made_as_missed():
	"""The scheduler slept from the 12th to the 21st."""
	found = run(today=date(2026, 10, 21))
	assert days(found) == list(range(12, 22))
	assert [task.planned.at.day for task in found.tasks if task.missed] == list(range(12, 21))
	assert found.next.at == date(2026, 10, 22) and not found.ended
	again = run(today=date(2026, 10, 21), made=[task.planned.origin for task in found.tasks])
	assert again.tasks == () and again.next == found.next


def test_a_task_is_made_ahead_and_missed_only_after_its_deadline():
	terms = {"lead_days": 3, "days_to_do": 2}
	assert days(run(**terms)) == [12, 13, 14, 15]
	found = run(today=START + 3 * ONE, **terms)
	assert [(task.planned.at.day, task.due_on.day, task.missed) for task in found.tasks[:2]] == [(12, 14, True), (13, 15, False)]
	assert Terms(3, 2).made_on(START) == date(2026, 10, 9)


def test_nothing_is_owed_outside_the_days_of_the_agreement():
	assert days(run(today=date(2026, 10, 21), first=date(2026, 10, 20))) == [20, 21]
	ended = run(today=date(2026, 10, 30), last=date(2026, 10, 18))
	assert days(ended) == list(range(12, 19)) and ended.ended and ended.next.at == date(2026, 10, 19)
	# Saturday's work is Monday's, and Monday lies beyond
	saturdays = Recurrence(Rule.read("FREQ=WEEKLY;BYDAY=SA"), START, closed="after", calendar=OFFICE)
	assert run(saturdays, today=date(2026, 10, 30), last=date(2026, 10, 18)).tasks == ()


def test_a_run_ends_after_so_many_dates_and_the_next_one_goes_on():
	first = run(today=date(2026, 10, 21), most=4)
	assert days(first) == [12, 13, 14, 15] and first.next.at.day == 16
	assert days(run(today=date(2026, 10, 21), most=4, since=first.next.at)) == [16, 17, 18, 19]


def test_after_the_last_date_there_is_none():
	found = run(Recurrence(Rule.read("FREQ=DAILY;COUNT=2"), START), today=START + 9 * ONE)
	assert days(found) == [12, 13] and (found.next, found.ended, found.error) == (None, False, None)


def test_what_comes_before_dates_that_cannot_be_computed_is_made():
	closed = [DayException(START + n * ONE, "holiday") for n in range(2, 800)]
	calendar = WorkCalendar(OFFICE.zone, dict(enumerate(OFFICE.week)), [*OFFICE.exceptions, *closed], "Shut down")
	found = run(Recurrence(Rule.read("FREQ=DAILY"), START, closed="after", calendar=calendar), today=START + 9 * ONE)
	assert days(found) == [12] and found.error.code == "no_open_day" and found.next is None


def test_a_holiday_announced_later_moves_the_date_and_makes_no_second_task():
	rule = Rule.read("FREQ=WEEKLY;BYDAY=MO")
	(task,) = run(Recurrence(rule, START, closed="after", calendar=OFFICE)).tasks
	closed = WorkCalendar(
		OFFICE.zone, dict(enumerate(OFFICE.week)), [*OFFICE.exceptions, DayException(START, "holiday")], OFFICE.name
	)
	after = Recurrence(rule, START, closed="after", calendar=closed)
	assert run(after, today=START + ONE, made=[task.planned.origin]).tasks == ()
	(moved,) = run(after, today=START + ONE).tasks
	assert (moved.planned.origin, moved.planned.at) == (task.planned.origin, START + ONE)


@settings(max_examples=60)
@given(
	st.sampled_from(("FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TH,SA", "FREQ=MONTHLY;BYMONTHDAY=31,15,1")),
	st.sampled_from(("keep", "skip", "before", "after")), st.integers(0, 20), st.integers(0, 5), st.integers(1, 9),
	st.lists(st.integers(1, 15), min_size=1, max_size=12),
)  # fmt: skip
def test_however_often_it_runs_each_date_is_made_once_and_the_preview_shows_them(rule, closed, lead, to_do, most, sleeps):
	recurrence = Recurrence(Rule.read(rule), START, closed=closed, calendar=None if closed == "keep" else OFFICE)
	terms = Terms(lead, to_do)
	made: dict = {}
	today, since = START, None
	for sleep in sleeps:
		today += sleep * ONE
		while True:  # as the site goes on from where the last run ended
			found = due_tasks(recurrence.dates(since), terms, today, set(made), most)
			for task in found.tasks:
				assert task.planned.origin not in made and task.missed == (task.due_on < today)
				made[task.planned.origin] = task.planned
			since = found.next.at
			if terms.made_on(since) > today:
				break
	previewed = list(takewhile(lambda one: terms.made_on(one.at) <= today, recurrence.dates()))
	assert list(made.values()) == previewed


@pytest.mark.parametrize(
	("people", "code"), [([], "rotation_empty"), (["a", "b", "a"], "rotation_person_twice")]
)
def test_a_rotation_that_makes_no_sense_is_refused(people, code):
	with pytest.raises(DomainError) as caught:
		choose(people, 0, START)
	assert caught.value.code == code and "{" not in str(caught.value)


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
