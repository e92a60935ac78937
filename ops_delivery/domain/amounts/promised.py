"""What an agreement promises in amounts: 4 inspections a quarter, 8 visits a year, 40 hours, as many as needed.

And what is drawn on it: a visit, a round, a line of a time sheet, each once. Amounts are decimals, so tenths of hours add up.

Written for clauses 5.3.a and 5.4.a.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.periods import Span, series

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "agreement": 0}
GREATEST = Decimal(1_000_000)
FINEST = Decimal("0.001")
LONGEST_CARRY = 120  # periods
ZERO = Decimal(0)


def amount(value: object, field: str) -> Decimal:
	"""An amount as a decimal: a number from 0 to a million, with three decimals at most. DomainError bad_quantity."""
	try:
		if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
			raise InvalidOperation
		found = Decimal(str(value))
		if not found.is_finite() or not ZERO <= found <= GREATEST or found != found.quantize(FINEST):
			raise InvalidOperation
	except InvalidOperation:
		raise DomainError(
			"bad_quantity",
			"{field}: {value!r} is no amount. Enter a number from 0 to {most}, with three decimals at most.",
			field=field,
			value=value,
			most=int(GREATEST),
		) from None
	return found


@dataclass(frozen=True)
class Promise:
	"""So much of something per period, on the days of an agreement.

	`quantity`: None is unlimited. `unit`: what is counted, such as "visit" or "hour". `per`: month, quarter, half_year, year, each
	counted from the agreement's first day, or agreement for the whole of it; a last period that is cut off has the full amount.
	`carry_periods`: for so many periods what was not used goes on, 0 is not at all; `carry_most`: never more than so much of it
	at once. `warn_at`: from which share of what is at hand somebody is warned, in per cent.
	"""

	name: str
	unit: str
	quantity: Decimal | int | float | None
	per: str
	agreement: Span
	carry_periods: int = 0
	carry_most: Decimal | int | float | None = None
	warn_at: float | None = None

	def __post_init__(self) -> None:
		"""DomainError: promise_without_name, promise_bad_period, promise_reversed, promise_bad_carry, promise_bad_share,
		bad_quantity."""
		if not self.name.strip() or not self.unit.strip():
			raise DomainError(
				"promise_without_name", "A promised amount needs a name and what is counted.", field="name", value=self.name
			)
		if self.per not in MONTHS:
			raise DomainError(
				"promise_bad_period",
				"{name}: {value!r} is no period. Choose one of {known}.",
				field="per",
				value=self.per,
				name=self.name,
				known=", ".join(MONTHS),
			)
		if self.agreement.last < self.agreement.first:
			raise DomainError(
				"promise_reversed", "{name}: the agreement ends on {value}, before it begins.", field="agreement", value=self.agreement.last, name=self.name
			)
		if self.quantity is not None:
			object.__setattr__(self, "quantity", amount(self.quantity, "quantity"))
		if self.carry_most is not None:
			object.__setattr__(self, "carry_most", amount(self.carry_most, "carry_most"))
		periods = self.carry_periods
		if isinstance(periods, bool) or not isinstance(periods, int) or not 0 <= periods <= LONGEST_CARRY:
			raise DomainError(
				"promise_bad_carry",
				"{name}: {value!r} is no number of periods for which the rest goes on. Enter 0 to {most}.",
				field="carry_periods",
				value=periods,
				name=self.name,
				most=LONGEST_CARRY,
			)
		if self.warn_at is not None and not 0 < self.warn_at <= 100:
			raise DomainError(
				"promise_bad_share",
				"{name}: {value} is no share at which to warn. Enter more than 0 and at most 100 per cent.",
				field="warn_at",
				value=self.warn_at,
				name=self.name,
			)

	@property
	def unlimited(self) -> bool:
		"""Whether there is no end to it."""
		return self.quantity is None

	def periods(self) -> list[Span]:
		"""The periods of the agreement, in order; the last one ends with it."""
		first, last = self.agreement
		months = MONTHS[self.per]
		if not months:
			return [self.agreement]
		found: list[Span] = []
		while True:
			span = series(first, months, len(found))
			if span.first > last:
				return found
			found.append(span.within(first, last))


@dataclass(frozen=True)
class Draw:
	"""What one piece of work takes: its key (once for all), its day, how much, and whether it is planned or was done."""

	key: str
	day: date
	quantity: Decimal | int | float
	planned: bool = False

	def __post_init__(self) -> None:
		"""DomainError: bad_quantity."""
		object.__setattr__(self, "quantity", amount(self.quantity, "quantity"))


@dataclass(frozen=True)
class GiveBack:
	"""A draw that was cancelled, or a part of it: None gives back all that is left of it."""

	draw: str
	quantity: Decimal | int | float | None = None

	def __post_init__(self) -> None:
		"""DomainError: bad_quantity."""
		if self.quantity is not None:
			object.__setattr__(self, "quantity", amount(self.quantity, "quantity"))


def net_draws(entries: Iterable[Draw | GiveBack]) -> list[Draw]:
	"""What is drawn after all, by day and key: each piece of work once, less what was given back.

	The same entry again is no second one. DomainError: draw_twice (the same key with another content), give_back_unknown,
	give_back_too_much.
	"""
	draws: dict[str, Draw] = {}
	backs: list[GiveBack] = []
	for entry in entries:
		if isinstance(entry, GiveBack):
			backs.append(entry)
		elif draws.setdefault(entry.key, entry) != entry:
			raise DomainError(
				"draw_twice",
				"{value} draws twice, with different amounts or days. Give the first one back before it draws anew.",
				field="key",
				value=entry.key,
			)
	left = {key: Decimal(draw.quantity) for key, draw in draws.items()}
	for back in backs:
		if back.draw not in left:
			raise DomainError(
				"give_back_unknown", "{value} never drew anything, so it has nothing to give back.", field="draw", value=back.draw
			)
		given = left[back.draw] if back.quantity is None else Decimal(back.quantity)
		if given > left[back.draw]:
			raise DomainError(
				"give_back_too_much",
				"{value} cannot give back {given}: it has drawn {left}.",
				field="quantity",
				value=back.draw,
				given=given,
				left=left[back.draw],
			)
		left[back.draw] -= given
	kept = [Draw(draw.key, draw.day, left[key], draw.planned) for key, draw in draws.items() if left[key]]
	return sorted(kept, key=lambda draw: (draw.day, draw.key))
