"""Periods of whole months, all counted from the first day: the third period of a series that began on 31 January
begins on 31 March, whatever February had. And the fee that falls to some days of an agreement that renews itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Span(NamedTuple):
	"""Days, both ends included."""

	first: date
	last: date

	@property
	def days(self) -> int:
		"""How many days; 0 where it ends before it begins."""
		return max(0, (self.last - self.first).days + 1)

	def within(self, first: date, last: date) -> Span:
		"""The part of it that lies in other days; it may have none."""
		return Span(max(self.first, first), min(self.last, last))


def later(day: date, months: int) -> date:
	"""The same day so many months later, or that month's last day where it has no such day."""
	index = day.year * 12 + day.month - 1 + months
	year, month = index // 12, index % 12 + 1
	last = (date(year + month // 12, month % 12 + 1, 1) - DAY).day
	return date(year, month, min(day.day, last))


def series(start: date, months: int, number: int) -> Span:
	"""The period with that number (from 0) of a series of so many months each that began on `start`."""
	return Span(later(start, number * months), later(start, (number + 1) * months) - DAY)


def at(start: date, months: int, day: date) -> Span | None:
	"""The period of the series in which a day lies; None before it began."""
	if day < start or months < 1:
		return None
	number = ((day.year - start.year) * 12 + day.month - start.month) // months
	if later(start, number * months) > day:  # it begins later in that month
		number -= 1
	return series(start, months, number)


def whole_months(span: Span) -> int:
	"""How many whole months a period has; 0 where it is not one of whole months."""
	about = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month
	for months in (about, about + 1):
		if months > 0 and later(span.first, months) - DAY == span.last:
			return months
	return 0


def renewed_until(end: date, months: int, day: date) -> date:
	"""Until when what ended on `end` goes on by renewals of so many months each, so that it does on the day after `day`."""
	found = at(end + DAY, months, max(day + DAY, end + DAY))
	if found is None:
		raise ValueError(f"renewed by {months} months")
	return found.last


def fee(total: float, signed: Span, renewal_months: int, last: date, asked: Span) -> float:
	"""What falls to the days asked for of the fee `total` of the period signed, and of the same rate once renewed.

	A renewal costs as many of the signed months as it has; where the signed period has no whole months, as many of its
	days. Within a period each day costs the same; after `last`, the last day the agreement rules, nothing does.
	"""
	sum_, term, number = 0.0, signed, 0
	signed_months = whole_months(signed)
	while term.first <= min(last, asked.last):
		if number == 0:
			price = total
		elif signed_months and renewal_months > 0:
			price = total * renewal_months / signed_months
		else:
			price = total * term.days / max(1, signed.days)
		sum_ += price * term.within(*asked).within(term.first, last).days / max(1, term.days)
		if renewal_months > 0:
			term = series(signed.last + DAY, renewal_months, number)
		elif number == 0:
			term = Span(signed.last + DAY, last)
		else:
			break
		number += 1
	return sum_


def next_to_assess(start: date, months: int, day: date, last: date) -> Span:
	"""The period from `day` on to the end of the series' period it lies in, and to `last` at most.

	Where less than half of that period is left (one of odd days was assessed before), the next one is added.
	"""
	whole = at(start, months, max(day, start)) or series(start, months, 0)
	until = whole.last
	if Span(day, until).days * 2 < whole.days:
		until = at(start, months, until + DAY).last
	return Span(day, max(day, min(until, last)))
