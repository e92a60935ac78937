"""What a recurrence rule may not say: what RFC 5545 forbids, and what libraries understand in different ways.

Each refusal names the part, its value, and how to say what was probably meant. Nothing is dropped or read as something else.

Written for clause 6.2.a.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ops_delivery.domain.errors import DomainError

if TYPE_CHECKING:
	from ops_delivery.domain.routine.rule import Rule

SUB_DAILY = ("HOURLY", "MINUTELY", "SECONDLY")
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EARLIEST, LATEST = 1900, 2199  # years in which a schedule may start


def check(rule: Rule) -> None:
	"""Refuse a rule whose parts do not go together.

	DomainError: rule_count_and_until, rule_part_misplaced, rule_numbered_day,
	rule_numbered_day_range, rule_position_alone, rule_month_missing.
	"""
	if rule.count is not None and rule.until is not None:
		raise DomainError(
			"rule_count_and_until",
			"The rule has both COUNT={value} and UNTIL: keep the one that ends it.",
			field="COUNT",
			value=rule.count,
		)
	_check_places(rule)
	_check_numbered_days(rule)
	others = rule.by_month or rule.by_week or rule.by_year_day or rule.by_month_day or rule.by_day
	if rule.by_position and not (others or rule.by_hour or rule.by_minute or rule.by_second):
		raise DomainError(
			"rule_position_alone",
			"BYSETPOS={value} chooses among dates, but no other BY part gives several. Add one, such as BYDAY=MO,TU,WE,TH,FR.",
			field="BYSETPOS",
			value=_listed(rule.by_position),
		)
	if rule.freq == "YEARLY" and rule.by_month_day and not rule.by_month:
		raise DomainError(
			"rule_month_missing",
			"BYMONTHDAY={value} in a yearly rule without BYMONTH is understood in different ways. Add BYMONTH for the months meant, or say FREQ=MONTHLY for every month.",
			field="BYMONTHDAY",
			value=_listed(rule.by_month_day),
		)


def check_start(rule: Rule, start: date | datetime) -> None:
	"""Refuse a start that the rule does not go with.

	DomainError: start_with_zone, start_out_of_range, rule_needs_time (a rule of hours from a day), until_other_kind,
	until_before_start.
	"""
	timed = isinstance(start, datetime)
	if timed and start.tzinfo is not None:
		raise DomainError(
			"start_with_zone", "The start {value} has a time zone. Give it as local time, without one.", field="start", value=start.isoformat()
		)
	if not EARLIEST <= start.year <= LATEST:
		raise DomainError(
			"start_out_of_range",
			"The start {value} lies outside the years {first} to {last}.",
			field="start",
			value=start.isoformat(),
			first=EARLIEST,
			last=LATEST,
		)
	hours = {"BYHOUR": rule.by_hour, "BYMINUTE": rule.by_minute, "BYSECOND": rule.by_second}
	needing = [f"{name}={_listed(values)}" for name, values in hours.items() if values]
	if rule.freq in SUB_DAILY:
		needing.insert(0, f"FREQ={rule.freq}")
	if needing and not timed:
		raise DomainError(
			"rule_needs_time",
			"{value} needs a time of day, but the start {start} is a day. Give the start as {start}T09:00, for example.",
			field=needing[0].partition("=")[0],
			value=needing[0],
			start=start.isoformat(),
		)
	_check_until(rule, start, timed)


def _check_until(rule: Rule, start: date | datetime, timed: bool) -> None:
	until = rule.until
	if until is None:
		return
	if isinstance(until, datetime) != timed:
		way = f"UNTIL={until:%Y%m%d}T235959 for that whole day" if timed else f"UNTIL={until:%Y%m%d}"
		raise DomainError(
			"until_other_kind",
			"UNTIL={value} and the start {start} must both be days or both be times. Write {way}.",
			field="UNTIL",
			value=f"{until:%Y%m%dT%H%M%S}" if isinstance(until, datetime) else f"{until:%Y%m%d}",
			start=start.isoformat(),
			way=way,
		)
	if until < start:
		raise DomainError(
			"until_before_start",
			"UNTIL={value} lies before the start {start}: there is no date between them. Mend the one that is wrong.",
			field="UNTIL",
			value=f"{until:%Y%m%dT%H%M%S}" if isinstance(until, datetime) else f"{until:%Y%m%d}",
			start=start.isoformat(),
		)


def refuse_impossible(rule: Rule, said: Rule) -> None:
	"""Refuse days that no month of the rule has; `said` is what a person knows it by. DomainError rule_never."""
	months = rule.by_month or range(1, 13)
	if rule.by_month_day and all(abs(day) > LONGEST[month - 1] for month in months for day in rule.by_month_day):
		raise never(said)


def never(rule: Rule) -> DomainError:
	"""The error of a rule that has no date at all."""
	return DomainError(
		"rule_never", "The rule {value} never falls on any date. Check its days, months and positions.", field="rule", value=rule.text()
	)


def _check_places(rule: Rule) -> None:
	"""The table of RFC 5545, 3.3.10: which part may stand with which frequency."""
	yearly = rule.freq == "YEARLY"
	misplaced = (
		(rule.by_week, not yearly, "BYWEEKNO", "FREQ=" + rule.freq, "numbers of weeks go with FREQ=YEARLY"),
		(
			rule.by_year_day,
			rule.freq in ("DAILY", "WEEKLY", "MONTHLY"),
			"BYYEARDAY",
			"FREQ=" + rule.freq,
			"days of the year go with FREQ=YEARLY",
		),
		(rule.by_month_day, rule.freq == "WEEKLY", "BYMONTHDAY", "FREQ=WEEKLY", "days of the month go with FREQ=MONTHLY"),
		(rule.by_month_day, bool(rule.by_week), "BYMONTHDAY", "BYWEEKNO", "say the day of such a week by BYDAY"),
		(rule.by_year_day, bool(rule.by_week), "BYYEARDAY", "BYWEEKNO", "say the day of such a week by BYDAY"),
	)
	for values, wrong, name, other, way in misplaced:
		if values and wrong:
			raise DomainError(
				"rule_part_misplaced",
				"{field}={value} has no meaning with {other}: {way}.",
				field=name,
				value=_listed(values),
				other=other,
				way=way,
			)


def _check_numbered_days(rule: Rule) -> None:
	numbers = [number for number, _day in rule.by_day if number]
	if not numbers:
		return
	if rule.freq not in ("MONTHLY", "YEARLY") or rule.by_week:
		raise DomainError(
			"rule_numbered_day",
			"BYDAY with the number {value} counts the weekdays of a month or of a year: it goes with FREQ=MONTHLY or FREQ=YEARLY without BYWEEKNO.",
			field="BYDAY",
			value=numbers[0],
		)
	most = 53 if rule.freq == "YEARLY" and not rule.by_month else 5
	if outside := [number for number in numbers if abs(number) > most]:
		raise DomainError(
			"rule_numbered_day_range",
			"BYDAY with the number {value}: a month has at most {most} of a weekday. Count to {most}, or use FREQ=YEARLY without BYMONTH to count within the year.",
			field="BYDAY",
			value=outside[0],
			most=most,
		)


def _listed(values: tuple) -> str:
	return ",".join(str(value) for value in values)
