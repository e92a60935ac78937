"""Recurrence as a person says it, both ways: "every Monday and Thursday" is a rule, and a rule is such a sentence.

A sentence is a key and values, not words: the words are made where the reader's language is known. What no sentence says is
given as the rule itself, so a sentence never says more or less than the rule.

Written for clause 6.2.a.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.routine.planned_dates import AFTER, BEFORE, CLOSED, KEEP
from ops_delivery.domain.routine.recurrence import SHORT_MONTH, SKIP
from ops_delivery.domain.routine.rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

EVERY_DAY = "every_day"  # every: each, or each so many-th
EVERY_WORKING_DAY = "every_working_day"  # as the calendar has them, make-up workdays included
WEEKLY_ON = "weekly_on"  # every, weekdays (0 = Monday)
MONTHLY_ON = "monthly_on"  # every, days (1 to 31, or -1 the last)
MONTHLY_ON_WEEKDAY = "monthly_on_weekday"  # every, number (1 to 5, or -1 the last), weekday
FIRST_WORKING_DAY, LAST_WORKING_DAY = "first_working_day", "last_working_day"  # every: of each so many-th month
TIMES_A_YEAR = "times_a_year"  # times: 1, 2, 3, 4, 6 or 12, evenly from the start
YEARLY_ON = "yearly_on"  # every, months, days
AS_RULE = "rule"  # rule: the text of RFC 5545

# the values that each sentence has, and no others
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
	{
		EVERY_DAY: ("every",),
		EVERY_WORKING_DAY: (),
		WEEKLY_ON: ("every", "weekdays"),
		MONTHLY_ON: ("every", "days"),
		MONTHLY_ON_WEEKDAY: ("every", "number", "weekday"),
		FIRST_WORKING_DAY: ("every",),
		LAST_WORKING_DAY: ("every",),
		TIMES_A_YEAR: ("times",),
		YEARLY_ON: ("every", "months", "days"),
		AS_RULE: ("rule",),
	}
)
_FIXED_CLOSED = {EVERY_WORKING_DAY: SKIP, FIRST_WORKING_DAY: AFTER, LAST_WORKING_DAY: BEFORE}
_TIMES = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True)
class Said:
	"""A sentence of recurrence: its key and the values that PARTS names for it, and what every sentence has.

	`count` or `until` say where it ends, if it does. `closed` and `short_month` are as Recurrence has them; in the sentences of
	working days the first is part of what they mean and is set by itself.
	"""

	key: str
	parts: Mapping[str, Any]
	closed: str = KEEP
	short_month: str = SKIP
	count: int | None = None
	until: date | datetime | None = None

	def __post_init__(self) -> None:
		"""DomainError: sentence_unknown, sentence_part (a value missing, unknown or not possible)."""
		if self.key not in PARTS:
			raise DomainError("sentence_unknown", "There is no sentence {value}.", field="key", value=self.key)
		given = {"every": 1, **self.parts} if "every" in PARTS[self.key] else dict(self.parts)
		for name in {*given, *PARTS[self.key]}:
			if name not in given or name not in PARTS[self.key]:
				raise _bad_part(self.key, name, given.get(name))
		for name in ("weekdays", "days", "months"):
			if name in given:
				given[name] = tuple(sorted(set(given[name]), key=lambda n: (n < 0, n)))
		object.__setattr__(self, "parts", MappingProxyType(given))
		object.__setattr__(self, "closed", _FIXED_CLOSED.get(self.key, self.closed))
		if self.closed not in CLOSED or self.short_month not in SHORT_MONTH:
			raise _bad_part(self.key, "closed or short_month", f"{self.closed}, {self.short_month}")

	@property
	def needs_calendar(self) -> bool:
		"""Whether the sentence asks a service calendar which days are closed."""
		return self.closed != KEEP

	def rule(self) -> Rule:
		"""The rule that the sentence means. DomainError: sentence_part, and those of Rule."""
		parts = self.parts
		if self.key == AS_RULE:
			found = Rule.read(parts["rule"])
			return found.with_(count=self.count or found.count, until=self.until or found.until)
		every = _whole(self.key, "every", parts.get("every", 1), 1, 999)
		made: dict[str, Any] = {"interval": every, "count": self.count, "until": self.until}
		if self.key in (EVERY_DAY, EVERY_WORKING_DAY):
			return Rule(DAILY, **made)
		if self.key == WEEKLY_ON:
			return Rule(WEEKLY, by_day=tuple((0, day) for day in _several(self.key, "weekdays", parts, 0, 6)), **made)
		if self.key == MONTHLY_ON:
			return Rule(MONTHLY, by_month_day=_days(self.key, parts), **made)
		if self.key == MONTHLY_ON_WEEKDAY:
			number = parts["number"] if parts["number"] == -1 else _whole(self.key, "number", parts["number"], 1, 5)
			return Rule(MONTHLY, by_day=((number, _whole(self.key, "weekday", parts["weekday"], 0, 6)),), **made)
		if self.key in (FIRST_WORKING_DAY, LAST_WORKING_DAY):
			return Rule(MONTHLY, by_month_day=(1 if self.key == FIRST_WORKING_DAY else -1,), **made)
		if self.key == YEARLY_ON:
			months = _several(self.key, "months", parts, 1, 12)
			return Rule(YEARLY, by_month=months, by_month_day=_days(self.key, parts), **made)
		times = parts["times"]
		if times not in _TIMES:
			raise _bad_part(self.key, "times", times)
		return Rule(MONTHLY, **{**made, "interval": 12 // times})


def said_of(rule: Rule, closed: str = KEEP, short_month: str = SKIP) -> Said:
	"""The sentence that says a rule, with what closed days and short months do; the rule itself where none does."""
	more = {"short_month": short_month, "count": rule.count, "until": rule.until}
	for key, parts in _candidates(rule, closed):
		said = Said(key, parts, closed, **more)
		if said.rule() == rule:
			return said
	return Said(AS_RULE, {"rule": rule.text()}, closed, **more)


def _candidates(rule: Rule, closed: str):
	"""Sentences that might say a rule; the rule they make decides."""
	every = {"every": rule.interval}
	if rule.freq == DAILY:
		if closed == SKIP and rule.interval == 1:
			yield EVERY_WORKING_DAY, {}
		yield EVERY_DAY, every
	elif rule.freq == WEEKLY and rule.by_day:
		yield WEEKLY_ON, {**every, "weekdays": tuple(day for _number, day in rule.by_day)}
	elif rule.freq == MONTHLY:
		if rule.by_month_day == (1,) and closed == AFTER:
			yield FIRST_WORKING_DAY, every
		if rule.by_month_day == (-1,) and closed == BEFORE:
			yield LAST_WORKING_DAY, every
		if rule.by_month_day and min(rule.by_month_day) >= -1:
			yield MONTHLY_ON, {**every, "days": rule.by_month_day}
		if len(rule.by_day) == 1 and rule.by_day[0][0] in (-1, 1, 2, 3, 4, 5):
			yield MONTHLY_ON_WEEKDAY, {**every, "number": rule.by_day[0][0], "weekday": rule.by_day[0][1]}
		if 12 % rule.interval == 0:
			yield TIMES_A_YEAR, {"times": 12 // rule.interval}
	elif rule.freq == YEARLY and rule.by_month and rule.by_month_day and min(rule.by_month_day) >= -1:
		yield YEARLY_ON, {**every, "months": rule.by_month, "days": rule.by_month_day}


def _bad_part(key: str, name: str, value: object) -> DomainError:
	return DomainError(
		"sentence_part", "{field}: {value!r} is not what the sentence {key} takes there.", field=name, value=value, key=key
	)


def _whole(key: str, name: str, value: object, least: int, most: int) -> int:
	if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
		raise _bad_part(key, name, value)
	return value


def _several(key: str, name: str, parts: Mapping[str, Any], least: int, most: int) -> tuple[int, ...]:
	if not parts[name]:
		raise _bad_part(key, name, parts[name])
	return tuple(sorted(_whole(key, name, value, least, most) for value in parts[name]))


def _days(key: str, parts: Mapping[str, Any]) -> tuple[int, ...]:
	if not parts["days"]:
		raise _bad_part(key, "days", parts["days"])
	return tuple(sorted(day if day == -1 else _whole(key, "days", day, 1, 31) for day in parts["days"]))
