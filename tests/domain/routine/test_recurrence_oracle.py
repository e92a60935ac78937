"""Recurrence against an oracle that looks at each day alone and shares no code with it, nor with any library of rules.

The oracle asks of every day (and of every minute of it) whether each part of the rule lets it pass, counts weekdays, weeks and
days by walking the calendar, and sorts what passed into periods. What RFC 5545 takes from the start is taken from it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.recurrence import first, occurrences
from ops_delivery.domain.routine.rule import DAILY, HOURLY, MINUTELY, MONTHLY, WEEKLY, YEARLY, Rule
from tests.domain.routine.rules import HOURS, STARTS, TIMED_STARTS, rules

ONE = timedelta(days=1)
CUT_OFF = ("rule_never", "rule_short_month_from_end", "rule_start_between_years", "rule_beyond_horizon")
YEARS = 6  # looked at from the start's year on


@cache
def year_days(year: int) -> list[date]:
	days = []
	day = date(year, 1, 1)
	while day.year == year:
		days.append(day)
		day += ONE
	return days


@cache
def weeks(year: int, week_start: int) -> tuple[tuple[date, ...], ...]:
	"""The weeks of a year: those that have at least four days in it."""
	day = date(year, 1, 1) - 7 * ONE
	while day.weekday() != week_start:
		day += ONE
	found = []
	while day.year <= year:
		week = tuple(day + n * ONE for n in range(7))
		if sum(one.year == year for one in week) >= 4:
			found.append(week)
		day += 7 * ONE
	return tuple(found)


@cache
def week_of(day: date, week_start: int) -> tuple[int, int, int]:
	"""(year of the week, its number, its number from the end)."""
	for year in (day.year - 1, day.year, day.year + 1):
		all_weeks = weeks(year, week_start)
		for n, week in enumerate(all_weeks):
			if day in week:
				return year, n + 1, n - len(all_weeks)
	raise AssertionError(day)


def nth(day: date, among: list[date]) -> set[int]:
	"""Which one of its weekday a day is, from the beginning and from the end."""
	same = [other for other in among if other.weekday() == day.weekday()]
	return {same.index(day) + 1, same.index(day) - len(same)}


def day_passes(rule: Rule, start: date, day: date, short_last: bool) -> bool:
	month = [other for other in year_days(day.year) if other.month == day.month]
	month_days, months, by_day = set(rule.by_month_day), set(rule.by_month), set(rule.by_day)
	if rule.freq == YEARLY and not (month_days or by_day or rule.by_year_day):
		if rule.by_week:
			by_day = {(0, start.weekday())}
		else:
			month_days = {start.day}
			months = months or {start.month}
	if rule.freq == YEARLY and rule.by_week and not by_day:
		by_day = {(0, start.weekday())}
	if rule.freq == MONTHLY and not (month_days or by_day):
		month_days = {start.day}
	if rule.freq == WEEKLY and not by_day:
		by_day = {(0, start.weekday())}
	if months and day.month not in months:
		return False
	if month_days:
		wanted = {month[d - 1] for d in month_days if 0 < d <= len(month)}
		wanted |= {month[d] for d in month_days if d < 0 and -d <= len(month)}
		if short_last and any(d > len(month) for d in month_days):
			wanted.add(month[-1])
		if day not in wanted:
			return False
	if rule.by_year_day:
		year = year_days(day.year)
		if not {year.index(day) + 1, year.index(day) - len(year)} & set(rule.by_year_day):
			return False
	if rule.by_week and not set(week_of(day, rule.week_start)[1:]) & set(rule.by_week):
		return False
	if by_day:
		among = month if rule.freq == MONTHLY or rule.by_month else year_days(day.year)
		here = {(0, day.weekday())} | {(n, day.weekday()) for n in nth(day, among)}
		if not here & by_day:
			return False
	return True


def period(rule: Rule, day: date) -> int:
	"""The number of a day's period, from any beginning."""
	if rule.by_week:
		return week_of(day, rule.week_start)[0]
	if rule.freq == YEARLY:
		return day.year
	if rule.freq == MONTHLY:
		return day.year * 12 + day.month
	if rule.freq == WEEKLY:
		return (day.toordinal() - 1 - rule.week_start) // 7  # 1 January of year 1 was a Monday
	return day.toordinal()


def oracle(rule: Rule, start: date | datetime, short_last: bool, days: list[date]) -> list:
	timed = isinstance(start, datetime)
	began = start.date() if timed else start
	by_period = defaultdict(list)
	base = period(rule, began)
	if rule.by_week and not day_passes(rule, began, began, short_last):
		base = began.year  # what a week's year says of a day that is none of the rule's, libraries do not agree on
	for day in days:
		if (period(rule, day) - base) % rule.interval == 0 and day_passes(rule, began, day, short_last):
			hours = rule.by_hour or (start.hour,) if timed else (0,)
			minutes = rule.by_minute or (start.minute,) if timed else (0,)
			moments = [datetime.combine(day, time(h, m)) for h in sorted(hours) for m in sorted(minutes)]
			by_period[period(rule, day)] += moments if timed else [day]
	found = []
	for moments in by_period.values():
		if rule.by_position:
			keep = {p - 1 if p > 0 else p + len(moments) for p in rule.by_position}
			moments = [moment for n, moment in enumerate(moments) if n in keep]
		found += [moment for moment in moments if moment >= start]
	return sorted(found)


def agrees(rule: Rule, start: date | datetime, short_month: str, since_days: int = 0) -> None:
	began = start.date() if isinstance(start, datetime) else start
	last = date(began.year + YEARS, 12, 31)
	days = [day for year in range(began.year - 1, began.year + YEARS + 2) for day in year_days(year)]
	expected = [moment for moment in oracle(rule, start, short_month == "last", days) if day_part(moment) <= last]
	found = []
	try:
		for moment in occurrences(rule, start, short_month):
			if day_part(moment) > last:
				break
			found.append(moment)
	except DomainError as refused:
		# refused at once, or after the whole calendar was walked
		assert refused.code in CUT_OFF
		if refused.code in ("rule_never", "rule_beyond_horizon"):
			assert expected == found
		return
	assert found == expected
	since = began + since_days * ONE
	later = []
	for moment in occurrences(rule, start, short_month, since):
		if day_part(moment) > last:
			break
		later.append(moment)
	assert later == [moment for moment in expected if day_part(moment) >= since]


def day_part(moment: date | datetime) -> date:
	return moment.date() if isinstance(moment, datetime) else moment


@settings(max_examples=80)
@given(rules(), STARTS, st.sampled_from(("skip", "last")), st.integers(0, 1500))
def test_days_are_those_that_pass_each_part(rule, start, short_month, since_days):
	agrees(rule, start, short_month, since_days)


@settings(max_examples=30)
@given(rules(times=True), TIMED_STARTS, st.sampled_from(("skip", "last")), st.integers(0, 1500))
def test_times_are_those_that_pass_each_part(rule, start, short_month, since_days):
	agrees(rule, start, short_month, since_days)


@settings(max_examples=60)
@given(rules(frequencies=(YEARLY,)), STARTS, st.integers(0, 1500))
def test_years_and_weeks_of_the_year(rule, start, since_days):
	agrees(rule, start, "skip", since_days)


@settings(max_examples=12)
@given(
	st.sampled_from(HOURS), st.integers(1, 100), st.sets(st.integers(0, 23), max_size=4),
	st.sets(st.integers(0, 59), max_size=4), st.sets(st.integers(0, 6), max_size=3), TIMED_STARTS,
)  # fmt: skip
def test_hours_and_minutes_are_in_step_with_the_start(freq, interval, hours, minutes, weekdays, start):
	rule = Rule(
		freq,
		interval,
		by_hour=tuple(sorted(hours)),
		by_minute=tuple(sorted(minutes)),
		by_day=tuple((0, day) for day in sorted(weekdays)),
	)
	unit = timedelta(hours=1) if freq == HOURLY else timedelta(minutes=1)
	base = start.replace(minute=0) if freq == HOURLY else start
	expected = []
	for n in range(60 * 24 * 4):
		moment = start.replace(hour=0, minute=0) + n * timedelta(minutes=1)
		if moment < start or (weekdays and moment.weekday() not in weekdays) or (hours and moment.hour not in hours):
			continue
		if ((moment - base) // unit) % interval:
			continue
		if moment.minute in (minutes or ({start.minute} if freq == HOURLY else {moment.minute})):
			expected.append(moment)
	end = start.replace(hour=0, minute=0) + timedelta(days=4)
	found = []
	try:
		for moment in occurrences(rule, start):
			if moment >= end:
				break
			found.append(moment)
	except DomainError as refused:
		assert refused.code == "rule_never"
	assert found == expected


@settings(max_examples=60)
@given(rules(), STARTS, st.integers(1, 20), st.integers(0, 2000))
def test_count_and_until_end_the_same_dates(rule, start, count, days):
	try:
		all_dates = first(rule, start, 40)
		assert first(rule.with_(count=count), start, 100) == all_dates[:count]
		until = start + days * ONE
		ended = first(rule.with_(until=until), start, 40)
	except DomainError as refused:
		assert refused.code in CUT_OFF
		return
	assert ended == [day for day in all_dates if day <= until]


def test_the_oracle_knows_weeks():
	assert week_of(date(2026, 1, 1), 0)[:2] == (2026, 1)
	assert week_of(date(2027, 1, 3), 0) == (2026, 53, -1)
	assert all(week_of(day, 0)[:2] == tuple(day.isocalendar())[:2] for year in (2015, 2020, 2024) for day in year_days(year))
