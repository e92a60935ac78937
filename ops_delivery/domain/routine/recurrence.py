"""The dates of a recurrence rule, as RFC 5545 means it, counted from a start.

python-dateutil finds the days; it is anchored at the beginning of the period (year, month, week) in which the start lies, with
everything that the rule leaves to the start said in full. Positions (BYSETPOS) and intervals are counted here, in whole
periods, and so are times of day, COUNT and UNTIL: these are what libraries understand differently. All times are those of the
wall clock: a rule of 09:00 stays at 09:00 when clocks change.

Written for clause 6.2.a.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby, islice, takewhile
from math import gcd
from zoneinfo import ZoneInfo

from dateutil import rrule as dateutil_rules

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.rule import DAILY, HOURLY, MINUTELY, MONTHLY, SECONDLY, WEEKLY, YEARLY, Rule
from ops_delivery.domain.routine.rule_checks import SUB_DAILY, check_start, never, refuse_impossible
from ops_delivery.domain.routine.rule_periods import DAY, anchor_of, in_weeks, meant, period_of, week_year

SKIP, LAST = "skip", "last"
SHORT_MONTH = (SKIP, LAST)

_LAST_YEAR = 2600  # the calendar repeats itself after 400 years
_EMPTY = 10_000  # periods or days in a row without a date, after which there is none
_IN_A_DAY = {HOURLY: 24, MINUTELY: 1440, SECONDLY: 86_400}
_FREQUENCY = {
	YEARLY: dateutil_rules.YEARLY,
	MONTHLY: dateutil_rules.MONTHLY,
	WEEKLY: dateutil_rules.WEEKLY,
	DAILY: dateutil_rules.DAILY,
}

Moment = date | datetime


def occurrences(rule: Rule, start: Moment, short_month: str = SKIP, since: date | None = None) -> Iterator[Moment]:
	"""The dates of a rule from `start` on, in order: days where the start is a day, else local times without a zone.

	A start that does not match the rule is not among them and is not counted. `short_month`: what happens to the 29th to 31st
	in a month without it: "skip" (the RFC's meaning) or "last" (that month's last day). `since`: days before it are left out;
	a rule without COUNT is not walked through from its start for that.

	DomainError: what rule_checks.check_start refuses, rule_bad_short_month, rule_short_month_from_end, rule_never,
	rule_start_between_years; and on the way rule_beyond_horizon, where the dates lead out of the years.
	"""
	_check_short_month(rule, short_month)
	check_start(rule, start)
	full = _filled(rule, start)
	if short_month == SKIP:
		refuse_impossible(full, rule)
	if isinstance(start, datetime) and rule.freq in SUB_DAILY and not _has_step(full, start):
		raise never(rule)
	_first_year(full, day_of(start))
	return _walk(full, rule, start, short_month, since)


def first(rule: Rule, start: Moment, count: int, short_month: str = SKIP) -> list[Moment]:
	"""The first so many dates; fewer where the rule ends before."""
	return list(islice(occurrences(rule, start, short_month), count))


def day_of(moment: Moment) -> date:
	"""The day of a date, be it a day or a local time."""
	return moment.date() if isinstance(moment, datetime) else moment


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
	"""The instant (UTC) at which a zone's wall clock shows a local time.

	A time that the clock skips is as long after the change as it would have been; of one shown twice it is the first.
	"""
	return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def _walk(rule: Rule, said: Rule, start: Moment, short_month: str, since: date | None) -> Iterator[Moment]:
	"""The dates of a rule that is said in full; `said` is what a person knows it by."""
	start_day = day_of(start)
	begin = start_day if since is None or rule.count is not None else max(start_day, since)
	found = empty = 0
	for moments in _periods(rule, start, _days(rule, start_day, begin, short_month)):
		empty = 0 if moments else empty + 1
		if empty > _EMPTY:
			break
		for moment in _at_positions(moments, rule.by_position):
			if moment < start:
				continue
			if rule.until is not None and moment > rule.until:
				return
			found += 1
			if since is None or day_of(moment) >= since:
				yield moment
			if found == rule.count:
				return
	if rule.until is not None and rule.until.year <= _LAST_YEAR:
		return
	if not found and begin == start_day:
		raise never(said)
	raise DomainError(
		"rule_beyond_horizon",
		"The rule {value} has no further date before the year {year}. Ask for fewer dates.",
		field="rule",
		value=said.text(),
		year=_LAST_YEAR,
	)


def _filled(rule: Rule, start: Moment) -> Rule:
	"""The rule with what it leaves to its start said in full (RFC 5545: information not in the rule is taken from DTSTART)."""
	changes: dict[str, tuple] = {}
	days_said = rule.by_day or rule.by_month_day or rule.by_year_day
	weekday = ((0, start.weekday()),)
	if rule.freq == YEARLY and rule.by_week and not rule.by_day:
		changes["by_day"] = weekday
	elif rule.freq == YEARLY and not rule.by_week and not days_said:
		changes["by_month_day"] = (start.day,)
		changes["by_month"] = rule.by_month or (start.month,)
	elif rule.freq == MONTHLY and not days_said:
		changes["by_month_day"] = (start.day,)
	elif rule.freq == WEEKLY and not rule.by_day:
		changes["by_day"] = weekday
	if isinstance(start, datetime):
		if not rule.by_hour and rule.freq not in SUB_DAILY:
			changes["by_hour"] = (start.hour,)
		if not rule.by_minute and rule.freq not in (MINUTELY, SECONDLY):
			changes["by_minute"] = (start.minute,)
		if not rule.by_second and rule.freq != SECONDLY:
			changes["by_second"] = (start.second,)
	numbers = [number for number, _day in rule.by_day if number]
	if numbers and len(numbers) < len(rule.by_day):
		# "every Monday and the first Friday": dateutil would take the days that are both
		most = 53 if rule.freq == YEARLY and not rule.by_month else 5
		every = [(n, day) for number, day in rule.by_day if not number for n in range(1, most + 1)]
		changes["by_day"] = tuple({*every, *(pair for pair in rule.by_day if pair[0])})
	return rule.with_(**changes)


def _days(rule: Rule, start: date, begin: date, short_month: str) -> Iterator[date]:
	"""The days of the rule in whole periods from that of `begin`, in step with that of `start`."""
	anchor, interval = anchor_of(rule, start, begin)
	frequency = _FREQUENCY.get(rule.freq, dateutil_rules.DAILY)
	month_days = rule.by_month_day
	stretched = short_month == LAST and bool(month_days) and max(month_days) > 28
	found = dateutil_rules.rrule(
		frequency,
		dtstart=datetime.combine(anchor, time()),
		interval=interval,
		wkst=rule.week_start,
		bymonth=rule.by_month or None,
		bymonthday=((*month_days, -1) if stretched else month_days) or None,
		byyearday=rule.by_year_day or None,
		byweekday=[dateutil_rules.weekday(day, number or None) for number, day in rule.by_day] or None,
	)
	in_step = _in_step(rule, start)
	for moment in found:
		day = moment.date()
		if day.year > _LAST_YEAR:
			return
		# dateutil misses days of December in a week that it is asked to count from the end of the next year
		if rule.by_week and not in_weeks(day, rule.by_week, rule.week_start):
			continue
		if in_step(day) and not (stretched and not meant(day, month_days)):
			yield day


def _in_step(rule: Rule, start: date):
	if not rule.by_week or rule.interval == 1:
		return lambda day: True
	first_year = _first_year(rule, start)
	return lambda day: (week_year(day, rule.week_start) - first_year) % rule.interval == 0


def _periods(rule: Rule, start: Moment, days: Iterator[date]) -> Iterator[list[Moment]]:
	"""The dates of each period in order; an empty list where a day has no time of the rule."""
	if isinstance(start, datetime) and rule.freq in SUB_DAILY:
		for day in days:
			empty = True
			for moments in _steps_of_day(rule, start, day):
				empty = False
				yield moments
			if empty:
				yield []
		return
	times = [time(h, m, s) for h in rule.by_hour for m in rule.by_minute for s in rule.by_second]
	for _period, found in groupby(days, period_of(rule)):
		period = list(found)
		yield [datetime.combine(day, at) for day in period for at in times] if times else period


def _steps_of_day(rule: Rule, start: datetime, day: date) -> Iterator[list[Moment]]:
	"""The hours, minutes or seconds of one day that are in step with the start, each with the times of the rule in it."""
	a_day = _IN_A_DAY[rule.freq]
	seconds = 86_400 // a_day
	began = (start.hour * 3600 + start.minute * 60 + start.second) // seconds
	ahead = (day - start.date()).days * a_day - began
	midnight = datetime.combine(day, time())
	for step in range(-ahead % rule.interval, a_day, rule.interval):
		at = midnight + timedelta(seconds=step * seconds)
		if rule.by_hour and at.hour not in rule.by_hour:
			continue
		if rule.freq != HOURLY and rule.by_minute and at.minute not in rule.by_minute:
			continue
		if rule.freq == SECONDLY:
			if not rule.by_second or at.second in rule.by_second:
				yield [at]
			continue
		minutes = rule.by_minute if rule.freq == HOURLY else (at.minute,)
		yield [at.replace(minute=minute, second=second) for minute in minutes for second in rule.by_second]


def _has_step(rule: Rule, start: datetime) -> bool:
	"""Whether any time of day is ever in step with the start: the steps of a day shift by what its length leaves over."""
	a_day = _IN_A_DAY[rule.freq]
	shift = rule.with_(interval=gcd(rule.interval, a_day))
	return next(_steps_of_day(shift, start, start.date()), None) is not None


def _at_positions(moments: list[Moment], positions: tuple[int, ...]) -> list[Moment]:
	if not positions:
		return moments
	places = {position - 1 if position > 0 else len(moments) + position for position in positions}
	return [moments[place] for place in sorted(places) if 0 <= place < len(moments)]


def _first_year(rule: Rule, start: date) -> int:
	"""The year from which years are counted. Days around New Year belong to the year of their week where that is the rule's.

	DomainError rule_start_between_years where libraries count differently.
	"""
	year = week_year(start, rule.week_start)
	if not rule.by_week or rule.interval == 1 or year == start.year:
		return start.year
	around = list(takewhile(lambda day: day < start + 14 * DAY, _days(rule.with_(interval=1), start, start, SKIP)))
	if start in around:
		return year
	if start.month == 1 and not any(day.year == start.year and week_year(day, rule.week_start) == year for day in around):
		return start.year
	raise DomainError(
		"rule_start_between_years",
		"The week of the start {value} belongs to {year}, so INTERVAL={interval} can be counted from {year} or from {other}. Give the first date meant as the start.",
		field="start",
		value=start.isoformat(),
		year=year,
		other=start.year,
		interval=rule.interval,
	)


def _check_short_month(rule: Rule, short_month: str) -> None:
	if short_month not in SHORT_MONTH:
		raise DomainError(
			"rule_bad_short_month",
			"{value} is no way to treat short months. Choose skip or last.",
			field="short_month",
			value=short_month,
		)
	if short_month == LAST and rule.by_month_day and min(rule.by_month_day) < -28:
		raise DomainError(
			"rule_short_month_from_end",
			"BYMONTHDAY={value} counts from the end of a month: a short month's last day cannot stand for it. Count from the beginning, or choose skip.",
			field="BYMONTHDAY",
			value=min(rule.by_month_day),
		)
