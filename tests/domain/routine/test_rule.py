"""Reading a rule: strictly, each refusal by its name, and the same again from what it writes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.recurrence import first, occurrences
from ops_delivery.domain.routine.rule import Rule
from tests.domain.routine.rules import rules

DAY, TIME = date(2026, 1, 31), datetime(2026, 1, 31, 9)  # noqa: DTZ001

READ = [
	("FREQ=DAILY", "FREQ=DAILY"),
	("rrule:freq=weekly;byday=th,mo", "FREQ=WEEKLY;BYDAY=MO,TH"),
	(" RRULE:FREQ=MONTHLY;BYDAY=-1FR ", "FREQ=MONTHLY;BYDAY=-1FR"),
	("FREQ=MONTHLY;BYDAY=+1MO;INTERVAL=1", "FREQ=MONTHLY;BYDAY=1MO"),
	("BYMONTH=7,1;FREQ=YEARLY;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15"),
	("FREQ=DAILY;UNTIL=20261231T235959Z", "FREQ=DAILY;UNTIL=20261231T235959Z"),
	("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
	("FREQ=WEEKLY;BYDAY=SU,TH,TH;WKST=SU", "FREQ=WEEKLY;BYDAY=TH,SU;WKST=SU"),
]

REFUSED = [
	("", "rule_empty"),
	("RRULE:", "rule_empty"),
	("FREQ=DAILY;", "rule_trailing_separator"),
	(";FREQ=DAILY", "rule_part_unknown"),
	("FREQ=DAILY;;COUNT=2", "rule_part_unknown"),
	("FREQ=DAILY;COLOUR=RED", "rule_part_unknown"),
	("FREQ=DAILY;BYEASTER=0", "rule_part_unknown"),
	("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", "rule_part_unknown"),
	("FREQ=DAILY; COUNT=2", "rule_part_unknown"),
	("FREQ", "rule_part_unknown"),
	("every day", "rule_part_unknown"),
	("DTSTART:20260101\nRRULE:FREQ=DAILY", "rule_many_lines"),
	("COUNT=3", "rule_without_frequency"),
	("FREQ=DAILY;COUNT=2;COUNT=3", "rule_part_twice"),
	("FREQ=DAILY;FREQ=WEEKLY", "rule_part_twice"),
	("FREQ=FORTNIGHTLY", "rule_bad_value"),
	("FREQ=DAILY;INTERVAL=0", "rule_bad_value"),
	("FREQ=DAILY;INTERVAL=-1", "rule_bad_value"),
	("FREQ=DAILY;INTERVAL=1.5", "rule_bad_value"),
	("FREQ=DAILY;INTERVAL=２", "rule_bad_value"),
	("FREQ=DAILY;COUNT=0", "rule_bad_value"),
	("FREQ=DAILY;COUNT=", "rule_bad_value"),
	("FREQ=DAILY;COUNT=99999", "rule_bad_value"),
	("FREQ=DAILY;UNTIL=20260230", "rule_bad_value"),
	("FREQ=DAILY;UNTIL=2026-02-03", "rule_bad_value"),
	("FREQ=DAILY;UNTIL=20260203T250000", "rule_bad_value"),
	("FREQ=DAILY;BYMONTH=13", "rule_bad_value"),
	("FREQ=DAILY;BYMONTH=-1", "rule_bad_value"),
	("FREQ=MONTHLY;BYMONTHDAY=0", "rule_bad_value"),
	("FREQ=MONTHLY;BYMONTHDAY=32", "rule_bad_value"),
	("FREQ=MONTHLY;BYMONTHDAY=1,,2", "rule_bad_value"),
	("FREQ=MONTHLY;BYMONTHDAY=1, 2", "rule_bad_value"),
	("FREQ=MONTHLY;BYDAY=0MO", "rule_bad_value"),
	("FREQ=MONTHLY;BYDAY=54MO", "rule_bad_value"),
	("FREQ=WEEKLY;BYDAY=MON", "rule_bad_value"),
	("FREQ=DAILY;BYHOUR=24", "rule_bad_value"),
	("FREQ=DAILY;BYSECOND=60", "rule_bad_value"),
	("FREQ=DAILY;WKST=1MO", "rule_bad_value"),
	("FREQ=DAILY;COUNT=2;UNTIL=20260203", "rule_count_and_until"),
	("FREQ=MONTHLY;BYWEEKNO=20", "rule_part_misplaced"),
	("FREQ=MONTHLY;BYYEARDAY=20", "rule_part_misplaced"),
	("FREQ=DAILY;BYYEARDAY=20", "rule_part_misplaced"),
	("FREQ=WEEKLY;BYMONTHDAY=20", "rule_part_misplaced"),
	("FREQ=YEARLY;BYWEEKNO=1;BYMONTH=12;BYMONTHDAY=30", "rule_part_misplaced"),
	("FREQ=YEARLY;BYWEEKNO=1;BYYEARDAY=1", "rule_part_misplaced"),
	("FREQ=WEEKLY;BYDAY=1MO", "rule_numbered_day"),
	("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "rule_numbered_day"),
	("FREQ=MONTHLY;BYDAY=6MO", "rule_numbered_day_range"),
	("FREQ=YEARLY;BYMONTH=3;BYDAY=6MO", "rule_numbered_day_range"),
	("FREQ=MONTHLY;BYSETPOS=1", "rule_position_alone"),
	("FREQ=YEARLY;BYMONTHDAY=13", "rule_month_missing"),
	("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "rule_month_missing"),
]

# with their start
REFUSED_FROM = [
	("FREQ=DAILY", datetime.fromisoformat("2026-01-31T09:00+08:00"), "start_with_zone"),
	("FREQ=DAILY", date(1000, 1, 1), "start_out_of_range"),
	("FREQ=DAILY", date(2500, 1, 1), "start_out_of_range"),
	("FREQ=HOURLY", DAY, "rule_needs_time"),
	("FREQ=DAILY;BYHOUR=9", DAY, "rule_needs_time"),
	("FREQ=DAILY;UNTIL=20260301T000000", DAY, "until_other_kind"),
	("FREQ=DAILY;UNTIL=20260301", TIME, "until_other_kind"),
	("FREQ=DAILY;UNTIL=20260130", DAY, "until_before_start"),
	("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", DAY, "rule_never"),
	("FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31", DAY, "rule_never"),
	("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=-31", DAY, "rule_never"),
	("FREQ=YEARLY;BYMONTH=2", DAY, "rule_never"),  # on the 31st, as the start has it
	("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1,2;BYSETPOS=3", DAY, "rule_never"),
	("FREQ=HOURLY;INTERVAL=2;BYHOUR=8", TIME, "rule_never"),
	("FREQ=DAILY;INTERVAL=7;BYDAY=MO", DAY, "rule_never"),
	("FREQ=YEARLY;BYWEEKNO=53;INTERVAL=5;BYDAY=FR", date(2027, 1, 3), "rule_start_between_years"),
	("FREQ=YEARLY;BYWEEKNO=20;INTERVAL=3", date(2024, 12, 31), "rule_start_between_years"),
]


@pytest.mark.parametrize(("text", "said"), READ)
def test_what_is_read_is_written_in_one_way(text, said):
	assert Rule.read(text).text() == said
	assert Rule.read(said) == Rule.read(text)


@given(rules())
def test_a_rule_reads_what_it_wrote(rule):
	assert Rule.read(rule.text()) == rule


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_wrong_is_refused_by_name(text, code):
	with pytest.raises(DomainError) as caught:
		Rule.read(text)
	assert caught.value.code == code
	assert caught.value.context["field"]
	assert "{" not in str(caught.value)


@pytest.mark.parametrize(("text", "start", "code"), REFUSED_FROM)
def test_what_does_not_go_with_the_start_is_refused_by_name(text, start, code):
	with pytest.raises(DomainError) as caught:
		next(occurrences(Rule.read(text), start))
	assert caught.value.code == code
	assert "{" not in str(caught.value)


def test_short_months_can_be_treated_in_two_ways_only():
	with pytest.raises(DomainError) as caught:
		first(Rule.read("FREQ=MONTHLY"), DAY, 1, "forward")
	assert caught.value.code == "rule_bad_short_month"
	with pytest.raises(DomainError) as caught:
		first(Rule.read("FREQ=MONTHLY;BYMONTHDAY=-31"), DAY, 1, "last")
	assert caught.value.code == "rule_short_month_from_end"


def test_dates_that_lead_out_of_the_years_are_not_given_up_silently():
	rule = Rule.read("FREQ=YEARLY;INTERVAL=300")
	assert first(rule, date(2026, 1, 1), 2) == [date(2026, 1, 1), date(2326, 1, 1)]
	with pytest.raises(DomainError) as caught:
		first(rule, date(2026, 1, 1), 3)
	assert caught.value.code == "rule_beyond_horizon"
	assert first(Rule.read("FREQ=YEARLY;INTERVAL=300;COUNT=2"), date(2026, 1, 1), 3) == first(rule, date(2026, 1, 1), 2)
