"""Planned dates: moved around closed days by the service calendar, and what the clock, the leap day and short months do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.calendar import DayException, Window, WorkCalendar
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.planned_dates import Recurrence
from ops_delivery.domain.routine.recurrence import first, instant_of, occurrences
from ops_delivery.domain.routine.rule import Rule
from tests.domain.routine.rules import rules
from tests.domain.samples import OFFICE

ONE = timedelta(days=1)
HOURS = [Window.parse("09:00", "18:00")]


def days(*texts: str) -> list[date]:
	return [date.fromisoformat(text) for text in texts]


def local(text: str) -> datetime:
	return datetime.fromisoformat(text)


def at(rule: str, start: str, count: int = 6, **more) -> list[str]:
	begin = local(start) if "T" in start else date.fromisoformat(start)
	return [one.at.isoformat() for one in Recurrence(Rule.read(rule), begin, **more).first(count)]


def test_the_31st_is_skipped_or_becomes_the_last_day_as_chosen():
	rule, start = "FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31"
	assert at(rule, start, 4) == ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]
	assert at(rule, start, 4, short_month="last") == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
	assert at("FREQ=MONTHLY", start, 3, short_month="last") == ["2026-01-31", "2026-02-28", "2026-03-31"]
	assert at("FREQ=MONTHLY;BYMONTHDAY=29,30", "2027-02-01", 4, short_month="last") == [
		"2027-02-28", "2027-03-29", "2027-03-30", "2027-04-29",
	]  # fmt: skip


def test_a_leap_day_comes_each_fourth_year_or_on_the_28th():
	assert at("FREQ=YEARLY", "2024-02-29", 2) == ["2024-02-29", "2028-02-29"]
	assert at("FREQ=YEARLY", "2024-02-29", 3, short_month="last") == ["2024-02-29", "2025-02-28", "2026-02-28"]
	assert first(Rule.read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), date(2096, 1, 1), 2) == days("2096-02-29", "2104-02-29")


def test_a_start_that_does_not_match_is_no_date_and_is_not_counted():
	assert at("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=2", "2026-01-01") == ["2026-02-13", "2026-03-13"]


def test_the_national_day_week_and_its_make_up_saturday():
	"""1 to 7 October 2026 are closed (3 and 4 are a weekend), Saturday the 10th is worked."""
	rule, start = "FREQ=DAILY;COUNT=12", "2026-09-30"
	assert at(rule, start, 20, closed="skip", calendar=OFFICE) == [
		"2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10",
	]  # fmt: skip
	assert at("FREQ=WEEKLY;BYDAY=SA;COUNT=2", "2026-10-03", closed="after", calendar=OFFICE) == ["2026-10-08", "2026-10-10"]
	assert at("FREQ=WEEKLY;BYDAY=SA;COUNT=2", "2026-10-03", closed="before", calendar=OFFICE) == ["2026-09-30", "2026-10-10"]
	assert at("FREQ=WEEKLY;BYDAY=SA;COUNT=2", "2026-10-03", closed="skip", calendar=OFFICE) == ["2026-10-10"]


def test_two_dates_moved_onto_one_day_are_planned_once():
	assert at("FREQ=DAILY;COUNT=9", "2026-09-30", 20, closed="after", calendar=OFFICE) == ["2026-09-30", "2026-10-08"]
	assert at("FREQ=DAILY;COUNT=9", "2026-09-30", 20, closed="before", calendar=OFFICE) == ["2026-09-30", "2026-10-08"]
	rule = "FREQ=DAILY;BYHOUR=9,15;COUNT=6"  # Saturday, Sunday, Monday twice each
	assert at(rule, "2026-10-17T09:00", 20, closed="after", calendar=OFFICE) == ["2026-10-19T09:00:00", "2026-10-19T15:00:00"]


def test_a_day_that_has_the_work_itself_keeps_its_own_time():
	"""Saturday's and Sunday's round do not bring their hours to Monday."""
	rule = "FREQ=HOURLY;INTERVAL=10;COUNT=8"
	plain = at(rule, "2026-10-17T00:00", 20)
	monday = [moment for moment in plain if moment.startswith("2026-10-19")]
	assert at(rule, "2026-10-17T00:00", 20, closed="after", calendar=OFFICE)[: len(monday)] == monday


def test_count_and_until_hold_before_dates_are_moved():
	assert at("FREQ=WEEKLY;BYDAY=SA;UNTIL=20261017", "2026-10-17", closed="after", calendar=OFFICE) == ["2026-10-19"]
	assert at("FREQ=WEEKLY;BYDAY=SA;COUNT=1", "2026-10-17", closed="skip", calendar=OFFICE) == []


def test_a_date_that_was_moved_behind_the_day_from_which_one_looks_is_seen():
	"""Saturday's work lies on Monday, also for who looks from Sunday on."""
	saturdays = Recurrence(Rule.read("FREQ=WEEKLY;BYDAY=SA"), date(2026, 10, 17), closed="after", calendar=OFFICE)
	assert [one.at.day for one in saturdays.between(date(2026, 10, 18), date(2026, 10, 20))] == [19]


def test_a_planned_date_keeps_the_rules_own_date():
	(one,) = Recurrence(Rule.read("FREQ=DAILY;COUNT=1"), date(2026, 10, 17), closed="after", calendar=OFFICE).first(5)
	assert (one.at, one.origin, one.moved) == (date(2026, 10, 19), date(2026, 10, 17), True)


@pytest.mark.parametrize(
	("more", "code"),
	[
		({"closed": "after"}, "closed_without_calendar"),
		({"closed": "never", "calendar": OFFICE}, "closed_bad_choice"),
		({"calendar": OFFICE}, "calendar_without_closed"),
		({"short_month": "first"}, "rule_bad_short_month"),
	],
)
def test_choices_are_checked(more, code):
	with pytest.raises(DomainError) as caught:
		Recurrence(Rule.read("FREQ=DAILY"), date(2026, 1, 1), **more)
	assert caught.value.code == code
	assert "{" not in str(caught.value)


def test_a_calendar_without_an_open_day_is_named_and_not_waited_for():
	for closed in ("skip", "after"):
		rule = "FREQ=WEEKLY;BYDAY=SU" if closed == "skip" else "FREQ=DAILY"
		shut = [DayException(date(2026, 1, 1) + n * ONE, "holiday") for n in range(500)]
		calendar = WorkCalendar("UTC", {0: HOURS}, shut, name="shut")
		with pytest.raises(DomainError) as caught:
			Recurrence(Rule.read(rule), date(2026, 1, 1), closed=closed, calendar=calendar).first(1)
		assert caught.value.code == "no_open_day"
		assert "shut" in str(caught.value)


calendars = st.builds(
	lambda week, off, made_up: WorkCalendar(
		"UTC",
		{day: HOURS for day in week},
		[
			*(DayException(date(2026, 1, 1) + n * ONE, "holiday") for n in off - made_up),
			*(DayException(date(2026, 1, 1) + n * ONE, "makeup", tuple(HOURS)) for n in made_up),
		],
	),
	st.sets(st.integers(0, 6), min_size=1),
	st.sets(st.integers(0, 90), max_size=40),
	st.sets(st.integers(0, 90), max_size=10),
)


@settings(max_examples=60)
@given(
	rules(frequencies=("WEEKLY", "MONTHLY", "DAILY")), st.integers(0, 60), st.sampled_from(("skip", "before", "after")),
	calendars, st.integers(0, 120),
)  # fmt: skip
def test_moved_dates_are_the_nearest_open_days(rule, offset, closed, calendar, later):
	"""Day by day: each date of the rule, and the open day nearest to it on the side that was chosen."""
	start = date(2026, 1, 1) + offset * ONE
	try:
		own = list(islice(occurrences(rule, start), 60))
	except DomainError:
		return
	if len(own) < 60:
		return
	expected = []
	for day in own:
		while closed != "skip" and not calendar.windows_on(day):
			day += ONE if closed == "after" else -ONE
		if calendar.windows_on(day) and day not in expected:
			expected.append(day)
	ended = Recurrence(rule.with_(until=own[-1]), start, closed=closed, calendar=calendar)
	assert [one.at for one in ended.dates()] == expected
	since = start + later * ONE
	assert [one.at for one in ended.dates(since)] == [day for day in expected if day >= since]
	last = since + 30 * ONE
	assert [one.at for one in ended.between(since, last)] == [day for day in expected if since <= day <= last]


def test_a_local_time_keeps_its_hour_when_clocks_change():
	berlin = ZoneInfo("Europe/Berlin")
	moments = first(Rule.read("FREQ=DAILY"), local("2026-03-28T02:30"), 3)
	assert [moment.time() for moment in moments] == [time(2, 30)] * 3
	said = [instant_of(moment, berlin).isoformat() for moment in moments]
	# 02:30 does not exist on the 29th: it is 03:30 of summer time
	assert said == ["2026-03-28T01:30:00+00:00", "2026-03-29T01:30:00+00:00", "2026-03-30T00:30:00+00:00"]
	twice = instant_of(local("2026-10-25T02:30"), berlin)
	assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)  # the first of the two


def test_positions_count_in_whole_hours_also_in_that_of_the_start():
	"""Each other hour, the third of its six times and the last but one."""
	assert at("FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50;BYSETPOS=-2,3;INTERVAL=2", "2024-10-23T15:40", 4) == [
		"2024-10-23T15:40:00", "2024-10-23T17:20:00", "2024-10-23T17:40:00", "2024-10-23T19:20:00",
	]  # fmt: skip
	assert at("FREQ=HOURLY;BYHOUR=3,6;BYMINUTE=5,15,25;INTERVAL=7;BYSETPOS=1,-1", "2025-01-01T03:05", 4) == [
		"2025-01-01T03:05:00", "2025-01-01T03:25:00", "2025-01-07T06:05:00", "2025-01-07T06:25:00",
	]  # fmt: skip


def test_an_interval_of_week_years_counts_from_the_year_of_the_starts_week_or_of_its_day():
	assert at("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;INTERVAL=3", "2024-12-30", 2) == ["2024-12-30", "2028-01-03"]
	assert at("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH;INTERVAL=5", "2027-01-03", 1) == ["2032-12-30"]  # no date of the rule


def test_a_week_counted_from_the_end_of_a_year_may_begin_in_the_year_before():
	"""31 December 2018 is the Monday of the first of 52 weeks of 2019, which is the fifty-second from its end."""
	assert at("FREQ=YEARLY;BYWEEKNO=-52;BYDAY=MO", "2018-06-01", 2) == ["2018-12-31", "2020-01-06"]
