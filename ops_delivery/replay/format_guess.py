"""How the times of a column seem to be written, with the evidence for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from ops_delivery.replay import date_order, time_formats
from ops_delivery.replay.date_order import Evidence
from ops_delivery.replay.time_formats import Take, Wall

UTC = ZoneInfo("UTC")
ENOUGH = 0.9  # of the values that a format must read
DATES = (
	"%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y",
	"%m/%d/%y", "%d.%m.%y", "%d/%b/%y", "%d-%b-%y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%d. %b %Y", "%b %d, %Y", "%b %d %Y",
	"%d %b, %Y", "%a %b %d %Y", "%a, %d %b %Y",
)  # fmt: skip
CLOCKS = (
	"%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%p %I:%M:%S", "%p %I:%M", "%H:%M:%S.%f", "%H:%M:%S %z", "%H:%M:%S.%f %z",
	"%H:%M %z", "%H:%M:%S %Z", "%H:%M:%S.%f %Z", "%I:%M:%S.%f %p",
)  # fmt: skip
NUMBERED = (time_formats.EPOCH, time_formats.EPOCH_MS)


@dataclass(frozen=True)
class Guess:
	"""The formats that read a column's values: both orders of day and month where no value decides. `read` of `tried` fit."""

	formats: tuple[str, ...]
	read: int
	tried: int
	evidence: Evidence | None = None
	clock: bool = True  # whether there is a time of day

	@property
	def open(self) -> bool:
		"""Whether the order of day and month is undecided."""
		return date_order.is_open(self.formats)


def guess(values: Collection[str], numbers_too: bool = False) -> Guess | None:
	"""What format the values of a column are times in; None for a column of something else.

	Plain numbers (epochs) count only where the column's name speaks of a time (`numbers_too`).
	"""
	values = list(values)[:2000]
	if not values:
		return None
	few = values[:: max(1, len(values) // 20)][:20]
	best: tuple[int, str, bool] | None = None
	for name, take, clock in _candidates(numbers_too):
		if sum(_fits(take, value) for value in few) < len(few) * 0.7:
			continue
		read = sum(_fits(take, value) for value in values)
		if read >= len(values) * ENOUGH * 0.9 and (best is None or read > best[0]):
			best = (read, name, clock)
	if best is None:
		return None
	read, name, clock = best
	if name == time_formats.ISO:
		clock = any(":" in value for value in values)
	if not time_formats.order_of(name):
		return Guess((name,), read, len(values), None, clock) if read >= len(values) * ENOUGH else None
	both = (name, time_formats.swapped(name))
	evidence = date_order.weigh(((0, "", value) for value in values), both, UTC)
	fits = evidence.days + evidence.months + evidence.boths
	if fits < len(values) * ENOUGH:
		return None
	if bool(evidence.day) != bool(evidence.month):
		order = date_order.DAY_FIRST if evidence.day else date_order.MONTH_FIRST
		return Guess(date_order.chosen((name,), order), fits, len(values), evidence, clock)
	return Guess(both, fits, len(values), evidence, clock)


def clock_format(values: Collection[str]) -> str | None:
	"""What format the values of a column are times of day in; None for a column of something else."""
	values = list(values)[:2000]
	for name in CLOCKS:
		take = time_formats.taker(f"{DATES[0]} {name}", UTC)
		if values and sum(_fits(take, f"2000-01-01 {value}") for value in values) >= len(values) * ENOUGH:
			return name
	return None


@lru_cache
def _candidates(numbers_too: bool) -> tuple[tuple[str, Take, bool], ...]:
	return tuple((name, time_formats.taker(name, UTC), clock) for name, clock in _names(numbers_too))


def _names(numbers_too: bool) -> Iterator[tuple[str, bool]]:
	for day in DATES[:1]:
		for clock in CLOCKS[:2]:
			yield f"{day} {clock}", True
	yield time_formats.ISO, True
	for day in DATES:
		for clock in CLOCKS:
			yield f"{day} {clock}", True
		yield f"{day}, %H:%M", True
		yield f"{day}, %I:%M %p", True
	yield "%a %b %d %H:%M:%S %Z %Y", True
	yield "%a %b %d %H:%M:%S %Y", True
	for name in NUMBERED if numbers_too else ():
		yield name, True
	for day in DATES:
		yield day, False


def _fits(take: Take, value: str) -> bool:
	found = take(time_formats.plain(value))
	if isinstance(found, Wall):
		return 1 <= found.day <= 31 and 1970 <= found.year <= 2199
	return found is not None
