"""What a person types and nobody can mean: a day that has passed as a due date, a period that has not begun, less than nothing."""

from __future__ import annotations

from datetime import date

from ops_delivery.domain.errors import DomainError

# what is measured in these may lie below zero
SIGNED_UNITS = frozenset({"°C", "℃", "°F", "℉", "dB", "dBm", "%"})


def due_date(day: date, today: date) -> None:
	"""Refuse to plan work for a day that has passed. DomainError due_in_past."""
	if day < today:
		raise DomainError("due_in_past", "{value} has passed.", field="due_date", value=day)


def assessed(first: date, today: date) -> None:
	"""Refuse to assess a period before its first day. DomainError period_not_begun."""
	if first > today:
		raise DomainError("period_not_begun", "{value} is still to come.", field="start_date", value=first)


def reading(value: float, target: float, unit: str) -> None:
	"""Refuse a value below zero of what is counted. DomainError reading_below_zero."""
	if value < 0 <= target and unit.strip() not in SIGNED_UNITS:
		raise DomainError(
			"reading_below_zero", "{value} {unit} is less than nothing.", field="value", value=value, unit=unit
		)
