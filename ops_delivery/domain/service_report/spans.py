"""The period of a report and those before it, to be compared with (8.3.b.5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ops_delivery.domain import periods
from ops_delivery.domain.periods import DAY, Span

UTC = timezone.utc


def before(span: Span) -> Span:
	"""The period of the same length that ended the day before: as many whole months where it has those, else as many days."""
	months = periods.whole_months(span)
	first = periods.later(span.first, -months) if months else span.first - timedelta(days=span.days)
	return Span(first, span.first - DAY)


def after(span: Span) -> Span:
	"""The period of the same length that begins the day after."""
	first = span.last + DAY
	months = periods.whole_months(span)
	return Span(first, periods.later(first, months) - DAY if months else span.last + timedelta(days=span.days))


def course(span: Span, number: int, began: date) -> list[Span]:
	"""The period and those before it, at most `number` in all, the oldest first; none that ended before `began`."""
	found = [span]
	while len(found) < number and (earlier := before(found[0])).last >= began:
		found.insert(0, earlier)
	return found


def name(span: Span) -> str:
	"""A period as charts write it, in no language: 2026, 2026-Q1, 2026-03, else both days."""
	first, months = span.first, periods.whole_months(span)
	if first.day == 1 and months == 1:
		return f"{first:%Y-%m}"
	if first.day == 1 and months == 3 and first.month % 3 == 1:
		return f"{first.year}-Q{first.month // 3 + 1}"
	if first.day == 1 and months == 12 and first.month == 1:
		return str(first.year)
	return str(first) if span.first == span.last else f"{span.first} – {span.last}"


def moments(span: Span, zone: str) -> tuple[datetime, datetime]:
	"""The first instant of a period and the first after it, in UTC, of days as they are counted in a zone."""
	local = ZoneInfo(zone)
	first, following = (
		datetime.combine(day, time.min, tzinfo=local).astimezone(UTC) for day in (span.first, span.last + DAY)
	)
	return first, following
