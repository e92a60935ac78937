"""Promised, used, planned, left, expired, extra: what became of a promised amount, period by period.

Each period brings an amount of its own. Work takes the oldest amount that is still good on its day, so what would expire first
is used first; what no amount is left for is extra, and never borrows from a period to come. All of it follows from the draws
alone: entered late, or in another order, they give the same.

Written for clauses 5.3.a and 5.4.a.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ops_delivery.domain.amounts.promised import ZERO, Draw, GiveBack, Promise, net_draws
from ops_delivery.domain.periods import Span

BEYOND, OUTSIDE = "beyond", "outside_agreement"


@dataclass(frozen=True)
class Balance:
	"""One period of a promise, as it stands on a day.

	`promised`: what the period itself brings (None: unlimited). `carried`: what came from earlier periods. `used`, `planned`: what
	work of the period takes of both. `left`: what is still at hand at its end (None: unlimited). `expired`: the part of that
	which is lost because its time is over; 0 while the period runs. `extra`, `planned_extra`: work beyond all of it.
	"""

	period: Span
	promised: Decimal | None
	carried: Decimal
	used: Decimal
	planned: Decimal
	left: Decimal | None
	expired: Decimal
	extra: Decimal
	planned_extra: Decimal
	warned: bool

	@property
	def at_hand(self) -> Decimal | None:
		"""What the period could use in all; None: unlimited."""
		return None if self.promised is None else self.promised + self.carried

	@property
	def share(self) -> float | None:
		"""Which share of it is used, in per cent; work beyond counts, so it may pass 100. None: unlimited."""
		return _share(self.at_hand, self.used + self.extra)


@dataclass(frozen=True)
class Extra:
	"""Work, or the part of it, that no promised amount covers: "beyond" the amounts, or on a day "outside_agreement"."""

	draw: Draw
	quantity: Decimal
	why: str


@dataclass(frozen=True)
class Statement:
	"""What became of a promise: its periods in order, and what is extra."""

	promise: Promise
	balances: tuple[Balance, ...]
	extras: tuple[Extra, ...]

	def on(self, day: date) -> Balance | None:
		"""The balance of the period in which a day lies."""
		return next((one for one in self.balances if one.period.first <= day <= one.period.last), None)

	@property
	def used(self) -> Decimal:
		"""What was used of the promise in all."""
		return sum((one.used for one in self.balances), ZERO)

	@property
	def expired(self) -> Decimal:
		"""What was lost in all."""
		return sum((one.expired for one in self.balances), ZERO)


@dataclass
class _Lot:
	"""What one period brought and is still good; `until`: the number of the last period that may use it."""

	left: Decimal
	until: int


@dataclass
class _Taken:
	used: Decimal = ZERO
	planned: Decimal = ZERO
	extra: Decimal = ZERO
	planned_extra: Decimal = ZERO
	extras: list[Extra] = field(default_factory=list)


def statement(promise: Promise, entries: Iterable[Draw | GiveBack], today: date) -> Statement:
	"""What became of a promise by the draws so far, seen on `today`.

	What was planned for a period that is over, and not done, holds nothing back. DomainError: as net_draws().
	"""
	draws = net_draws(entries)
	periods = promise.periods()
	lots: list[_Lot] = []
	balances: list[Balance] = []
	extras = [Extra(draw, Decimal(draw.quantity), OUTSIDE) for draw in draws if not _covers(promise.agreement, draw.day)]
	for number, period in enumerate(periods):
		carried = sum((lot.left for lot in lots), ZERO)
		if promise.quantity is not None:
			lots.append(_Lot(Decimal(promise.quantity), number + promise.carry_periods))
		over = period.last < today
		mine = [draw for draw in draws if _covers(period, draw.day) and not (over and draw.planned)]
		taken = _take(mine, lots, promise.unlimited)
		extras += taken.extras
		left = sum((lot.left for lot in lots), ZERO)
		at_hand = None if promise.quantity is None else Decimal(promise.quantity) + carried
		lots, lost = _close(lots, number, promise, last=number == len(periods) - 1)
		share = _share(at_hand, taken.used + taken.extra)
		balances.append(
			Balance(
				period=period,
				promised=None if promise.quantity is None else Decimal(promise.quantity),
				carried=carried,
				used=taken.used,
				planned=taken.planned,
				left=None if promise.unlimited else left,
				expired=lost if over else ZERO,
				extra=taken.extra,
				planned_extra=taken.planned_extra,
				warned=promise.warn_at is not None and share is not None and share >= promise.warn_at,
			)
		)
	return Statement(promise, tuple(balances), tuple(extras))


def covered(promise: Promise, entries: Iterable[Draw | GiveBack], new: Draw) -> Decimal:
	"""How much of a new draw the promise still covers, if it is done now; the rest would be extra."""
	before = list(entries)
	known = sum((one.quantity for one in statement(promise, before, new.day).extras), ZERO)
	after = sum((one.quantity for one in statement(promise, [*before, new], new.day).extras), ZERO)
	return Decimal(new.quantity) - (after - known)


def _take(draws: list[Draw], lots: list[_Lot], unlimited: bool) -> _Taken:
	"""Take a period's draws from the lots, the oldest first; what was done before what is only planned."""
	found = _Taken()
	for draw in sorted(draws, key=lambda draw: (draw.planned, draw.day, draw.key)):
		wanted = Decimal(draw.quantity)
		got = wanted if unlimited else ZERO
		for lot in lots:
			part = min(lot.left, wanted - got)
			lot.left -= part
			got += part
		rest = wanted - got
		if draw.planned:
			found.planned += got
			found.planned_extra += rest
		else:
			found.used += got
			found.extra += rest
		if rest:
			found.extras.append(Extra(draw, rest, BEYOND))
	return found


def _close(lots: list[_Lot], number: int, promise: Promise, last: bool) -> tuple[list[_Lot], Decimal]:
	"""The lots that go on into the next period, and how much is lost at the end of this one."""
	going = [lot for lot in lots if lot.left and lot.until > number and not last]
	lost = sum((lot.left for lot in lots), ZERO) - sum((lot.left for lot in going), ZERO)
	if promise.carry_most is not None:
		# the newest stay: they are good for longest
		over = sum((lot.left for lot in going), ZERO) - Decimal(promise.carry_most)
		for lot in going:
			part = max(ZERO, min(lot.left, over))
			lot.left -= part
			over -= part
			lost += part
	return [lot for lot in going if lot.left], lost


def _share(at_hand: Decimal | None, used: Decimal) -> float | None:
	if at_hand is None:
		return None
	if not at_hand:
		return 100.0 if used else 0.0
	return float(used / at_hand * 100)


def _covers(span: Span, day: date) -> bool:
	return span.first <= day <= span.last
