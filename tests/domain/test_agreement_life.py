"""An agreement by its days: status, renewal, objection, reminders (5.2, 6.3.a)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain import agreement_life as life
from ops_delivery.domain.agreement_life import Renewal, Term

SIGNED = Term(date(2026, 1, 1), date(2026, 12, 31))
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
terms = st.builds(Term, days, days, st.none() | days, st.none() | days)


def test_an_early_end_goes_before_a_renewal_and_that_before_what_was_signed():
	renewed = Term(SIGNED.start, SIGNED.signed_end, renewed_until=date(2027, 12, 31))
	ended = Term(SIGNED.start, SIGNED.signed_end, date(2027, 12, 31), ended_early=date(2026, 6, 30))
	assert [term.last_day for term in (SIGNED, renewed, ended)] == [
		date(2026, 12, 31),
		date(2027, 12, 31),
		date(2026, 6, 30),
	]


@pytest.mark.parametrize(
	("day", "status"),
	[
		(date(2025, 12, 31), "Scheduled"),
		(date(2026, 1, 1), "Active"),
		(date(2026, 12, 31), "Active"),
		(date(2027, 1, 1), "Expired"),
	],
)
def test_the_days_say_what_it_is_called(day, status):
	assert life.status_on(SIGNED, "Active", day) == status


def test_what_ended_early_is_terminated_and_not_expired():
	ended = Term(SIGNED.start, SIGNED.signed_end, ended_early=date(2026, 6, 30))
	assert life.status_on(ended, "Active", date(2026, 6, 30)) == "Active"
	assert life.status_on(ended, "Active", date(2026, 7, 1)) == "Terminated"


@given(terms, st.sampled_from(life.DECIDED), days)
def test_a_decision_stands_whatever_the_days_say(term, decided, day):
	assert life.status_on(term, decided, day) == decided


@given(terms, days)
def test_it_rules_on_the_days_of_its_term_alone(term, day):
	rules = life.status_on(term, "Draft", day) == life.ACTIVE
	assert rules == (term.start <= day <= term.last_day)


@pytest.mark.parametrize(
	("renewal", "followed", "goes_on"),
	[
		(Renewal(True, 12), False, True),
		(Renewal(False, 12), False, False),
		(Renewal(True, 0), False, False),
		(Renewal(True, 12, stopped=True), False, False),
		(Renewal(True, 12), True, False),
	],
)
def test_it_renews_itself_where_that_was_agreed_and_nobody_objected(renewal, followed, goes_on):
	assert life.renews(SIGNED, renewal, followed) is goes_on


def test_what_ends_early_does_not_renew_itself():
	assert not life.renews(Term(SIGNED.start, SIGNED.signed_end, ended_early=date(2026, 6, 30)), Renewal(True, 12), False)


@pytest.mark.parametrize(
	("left", "told", "due"),
	[(91, 0, None), (90, 0, 90), (60, 90, None), (30, 90, 30), (5, 90, 7), (7, 7, None), (0, 30, 7), (-1, 0, None)],
)
def test_each_step_is_told_once_and_made_up_for(left, told, due):
	assert life.reminder_due([90, 30, 7], left, told) == due


@given(st.sets(st.integers(1, 365), max_size=6), st.integers(-5, 400))
def test_day_by_day_each_step_is_told_once_in_falling_order(steps, begun):
	told, said = 0, []
	for left in range(begun, -3, -1):
		if due := life.reminder_due(sorted(steps, reverse=True), left, told):
			told = due
			said.append(due)
	assert said == sorted(set(said), reverse=True)
	assert {step for step in steps if step < begun} <= set(said)


def test_objections_count_back_from_the_last_day():
	renewed = Term(SIGNED.start, SIGNED.signed_end, renewed_until=date(2027, 12, 31))
	assert life.objection_until(renewed, Renewal(True, 12, 10)) == date(2027, 12, 31) - timedelta(days=10)
