"""The periods of which snapshots are kept: whole months, quarters, half-years and years of the calendar."""

from __future__ import annotations

from datetime import date

from ops_delivery.domain.periods import DAY, Span, later

LENGTHS = (1, 3, 6, 12)  # months


def containing(day: date, months: int) -> Span:
	"""The month, quarter, half-year or year (1, 3, 6, 12 months) in which a day lies."""
	first = date(day.year, (day.month - 1) // months * months + 1, 1)
	return Span(first, later(first, months) - DAY)


def is_kept(span: Span) -> bool:
	"""Whether a period is one of those of which a snapshot is kept; any other is computed when it is asked for."""
	return any(containing(span.first, months) == span for months in LENGTHS)


def months_back(day: date, number: int) -> list[Span]:
	"""That many months up to the one of a day, the oldest first."""
	first = containing(day, 1).first
	return [containing(later(first, -back), 1) for back in range(number - 1, -1, -1)]
