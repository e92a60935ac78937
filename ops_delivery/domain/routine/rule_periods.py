"""The periods in which a recurrence rule counts: years, months, weeks, and years of whole weeks.

Written for clause 6.2.a.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, timedelta

from ops_delivery.domain.routine.rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

DAY = timedelta(days=1)


def anchor_of(rule: Rule, start: date, begin: date) -> tuple[date, int]:
	"""Where dateutil begins, and with which interval: the last period of the rule that begins by `begin`."""
	step = rule.interval
	if rule.by_week:
		# a week's year is not the calendar's: walk every year and choose among the weeks' years
		return date(begin.year - 1, 1, 1), 1
	if rule.freq == YEARLY:
		return date(begin.year - (begin.year - start.year) % step, 1, 1), step
	if rule.freq == MONTHLY:
		month = begin.year * 12 + begin.month - 1
		month -= (month - (start.year * 12 + start.month - 1)) % step
		return date(month // 12, month % 12 + 1, 1), step
	if rule.freq == WEEKLY:
		week = week_of(start, rule.week_start)
		return week + (begin - week) // (7 * step * DAY) * (7 * step * DAY), step
	if rule.freq == DAILY:
		return begin - (begin - start) % (step * DAY), step
	return begin, 1


def period_of(rule: Rule) -> Callable[[date], Hashable]:
	"""What positions are counted in: the key of the period in which a day lies."""
	if rule.by_week:
		return lambda day: week_year(day, rule.week_start)
	if rule.freq == YEARLY:
		return lambda day: day.year
	if rule.freq == MONTHLY:
		return lambda day: (day.year, day.month)
	if rule.freq == WEEKLY:
		return lambda day: week_of(day, rule.week_start)
	return lambda day: day


def meant(day: date, month_days: tuple[int, ...]) -> bool:
	"""Whether a day, which is one of the days of the month or its last one, is meant itself or stands for one it has not."""
	last = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - DAY).day
	return day.day in month_days or day.day - last - 1 in month_days or max(month_days) > last


def week_of(day: date, week_start: int) -> date:
	"""The first day of the week in which a day lies."""
	return day - (day.weekday() - week_start) % 7 * DAY


def week_year(day: date, week_start: int) -> int:
	"""The year to which a day's week belongs: that of its fourth day, as most of the week lies in it."""
	return (week_of(day, week_start) + 3 * DAY).year


def in_weeks(day: date, weeks: tuple[int, ...], week_start: int) -> bool:
	"""Whether a day lies in one of the weeks of its week's year, counted from its beginning or (negative) from its end."""
	year = week_year(day, week_start)
	# 4 January always lies in the first week
	first, following = (week_of(date(y, 1, 4), week_start) for y in (year, year + 1))
	number = (day - first).days // 7
	return number + 1 in weeks or number - (following - first).days // 7 in weeks
