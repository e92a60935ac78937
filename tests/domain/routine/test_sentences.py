"""Recurrence as a person says it: the sentence and the rule say the same, both ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.planned_dates import Recurrence
from ops_delivery.domain.routine.rule import Rule
from ops_delivery.domain.routine.sentences import Said, said_of
from tests.domain.routine.rules import rules
from tests.domain.samples import OFFICE

SENTENCES = [
	(Said("every_working_day", {}), "FREQ=DAILY", "skip"),
	(Said("every_day", {"every": 3}), "FREQ=DAILY;INTERVAL=3", "keep"),
	(Said("weekly_on", {"weekdays": (3, 0)}), "FREQ=WEEKLY;BYDAY=MO,TH", "keep"),
	(Said("weekly_on", {"every": 2, "weekdays": (4,)}, closed="before"), "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "before"),
	(Said("last_working_day", {}), "FREQ=MONTHLY;BYMONTHDAY=-1", "before"),
	(Said("last_working_day", {"every": 3}), "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "before"),
	(Said("first_working_day", {}), "FREQ=MONTHLY;BYMONTHDAY=1", "after"),
	(Said("monthly_on", {"days": (1, 15, -1)}), "FREQ=MONTHLY;BYMONTHDAY=-1,1,15", "keep"),
	(Said("monthly_on_weekday", {"number": -1, "weekday": 4}), "FREQ=MONTHLY;BYDAY=-1FR", "keep"),
	(Said("times_a_year", {"times": 2}), "FREQ=MONTHLY;INTERVAL=6", "keep"),
	(Said("times_a_year", {"times": 4}, count=8), "FREQ=MONTHLY;INTERVAL=3;COUNT=8", "keep"),
	(Said("yearly_on", {"months": (7, 1), "days": (15,)}), "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15", "keep"),
	(Said("every_day", {}, until=date(2026, 12, 31)), "FREQ=DAILY;UNTIL=20261231", "keep"),
]


@pytest.mark.parametrize(("said", "rule", "closed"), SENTENCES)
def test_a_sentence_is_a_rule_and_the_rule_that_sentence(said, rule, closed):
	assert (said.rule().text(), said.closed) == (rule, closed)
	assert said_of(Rule.read(rule), closed) == said


@given(rules(), st.sampled_from(("keep", "skip", "before", "after")), st.sampled_from(("skip", "last")))
def test_no_sentence_says_more_or_less_than_its_rule(rule, closed, short_month):
	said = said_of(rule, closed, short_month)
	assert (said.rule(), said.closed, said.short_month) == (rule, closed, short_month)


def test_every_working_day_includes_the_make_up_saturday():
	said = Said("every_working_day", {})
	assert said.needs_calendar
	dates = Recurrence(said.rule(), date(2026, 9, 30), closed=said.closed, calendar=OFFICE).first(4)
	assert [one.at.day for one in dates] == [30, 8, 9, 10]


def test_the_last_working_day_of_a_month():
	said = Said("last_working_day", {})
	dates = Recurrence(said.rule(), date(2026, 1, 1), closed=said.closed, calendar=OFFICE).first(3)
	assert [one.at for one in dates] == [date(2026, 1, 30), date(2026, 2, 27), date(2026, 3, 31)]


@pytest.mark.parametrize(
	("key", "parts", "code"),
	[
		("now_and_then", {}, "sentence_unknown"),
		("weekly_on", {}, "sentence_part"),
		("weekly_on", {"weekdays": ()}, "sentence_part"),
		("weekly_on", {"weekdays": (7,)}, "sentence_part"),
		("weekly_on", {"weekdays": (1,), "days": (1,)}, "sentence_part"),
		("every_day", {"every": 0}, "sentence_part"),
		("every_day", {"every": True}, "sentence_part"),
		("monthly_on", {"days": (0,)}, "sentence_part"),
		("monthly_on", {"days": (32,)}, "sentence_part"),
		("monthly_on_weekday", {"number": 6, "weekday": 1}, "sentence_part"),
		("times_a_year", {"times": 5}, "sentence_part"),
		("yearly_on", {"months": (13,), "days": (1,)}, "sentence_part"),
		("rule", {"rule": "FREQ=DAILY;"}, "rule_trailing_separator"),
	],
)
def test_what_a_sentence_cannot_say_is_refused(key, parts, code):
	with pytest.raises(DomainError) as caught:
		Said(key, parts).rule()
	assert caught.value.code == code
	assert "{" not in str(caught.value)
