"""Whether the day or the month comes first in 3/4/2025: decided over the whole log, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from ops_delivery.replay import time_formats
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.time_formats import Wall

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
Found = tuple[int, str, str]  # line, column, text


@dataclass
class Evidence:
	"""What the times of a log say of their order: the first that can only be one, how many are, and how many fit both."""

	day: Found | None = None
	month: Found | None = None
	days: int = 0
	months: int = 0
	both: Found | None = None
	boths: int = 0
	seen: dict[str, str] = field(default_factory=dict)


def is_open(formats: Sequence[str]) -> bool:
	"""Whether a mapping names both orders, so that the log has to decide."""
	return any(time_formats.order_of(name) and time_formats.swapped(name) in formats for name in formats)


def chosen(formats: Sequence[str], order: str) -> tuple[str, ...]:
	"""The formats with `order`, each once."""
	wanted = "day" if order == DAY_FIRST else "month"
	turned = [
		time_formats.swapped(name) if time_formats.order_of(name) not in ("", wanted) else name
		for name in formats
	]
	return tuple(dict.fromkeys(turned))


def weigh(
	found: Iterable[Found], formats: Sequence[str], zone: ZoneInfo, language: str | None = None
) -> Evidence:
	"""What the texts of the time columns say."""
	evidence = Evidence()
	day_first = [
		time_formats.taker(name, zone, language)
		for name in chosen(formats, DAY_FIRST)
		if time_formats.order_of(name)
	]
	month_first = [
		time_formats.taker(name, zone, language)
		for name in chosen(formats, MONTH_FIRST)
		if time_formats.order_of(name)
	]
	for line, column, text in found:
		kind = evidence.seen.get(text)
		if kind is None:
			if len(evidence.seen) > 50_000:
				evidence.seen.clear()
			plain = time_formats.plain(text)
			one, other = (
				any(_is_date(take(plain)) for take in takers) for takers in (day_first, month_first)
			)
			kind = evidence.seen[text] = ("both" if other else "day") if one else "month" if other else ""
		if kind == "both":
			evidence.both = evidence.both or (line, column, text)
			evidence.boths += 1
		elif kind == "day":
			evidence.day = evidence.day or (line, column, text)
			evidence.days += 1
		elif kind:
			evidence.month = evidence.month or (line, column, text)
			evidence.months += 1
	return evidence


def decide(evidence: Evidence, source: str) -> str | None:
	"""The order that the log proves, None if none of its times is of numbers only. InputError where it does not."""
	if evidence.day and evidence.month:
		raise InputError(
			source,
			f"its dates contradict each other: {_said(evidence.day)} can only have its day first, "
			f"{_said(evidence.month)} only its month ({evidence.days} and {evidence.months} such values); "
			"mend them, or say --dates day-first or --dates month-first and the others are left out",
		)
	if evidence.day or evidence.month:
		return DAY_FIRST if evidence.day else MONTH_FIRST
	if evidence.both:
		raise InputError(
			source,
			f"{_said(evidence.both)} may be day/month or month/day, and so may every date of it "
			f"({evidence.boths} values); say --dates day-first or --dates month-first, or write one time_format in a mapping",
		)
	return None


def contradiction(found: Found, name: str, source: str) -> InputError:
	"""The error for a log in which a date contradicts the one order that its mapping names, and none proves it."""
	return InputError(
		source,
		f"{_said(found)} has {_month_in(found[2], name)} as its month by the mapping's {quote(name)}, and no date of the log "
		f"can only be read so; write {quote(time_formats.swapped(name))}, or say --dates "
		+ (MONTH_FIRST if time_formats.order_of(name) == "day" else DAY_FIRST),
	)


def fits_turned(text: str, formats: Sequence[str], zone: ZoneInfo, language: str | None = None) -> str | None:
	"""The format of which a text that cannot be read has day and month the other way round."""
	plain = time_formats.plain(text)
	for name in formats:
		if time_formats.order_of(name) and _is_date(
			time_formats.taker(time_formats.swapped(name), zone, language)(plain)
		):
			return name
	return None


def _month_in(text: str, name: str) -> str:
	numbers = [part for part in text.replace("-", "/").replace(".", "/").split("/") if part.strip().isdigit()]
	return numbers[0 if time_formats.order_of(name) == "month" else 1] if len(numbers) > 1 else "no month"


def _said(found: Found) -> str:
	line, column, text = found
	return f"{column} {quote(text)} in line {line}"


def _is_date(found: Wall | int | None) -> bool:
	if not isinstance(found, Wall):
		return False
	# 29 February of a year that has none is a date to neither
	return (
		found.month in range(1, 13)
		and found.day in range(1, 32)
		and not (found.month == 2 and found.day > 29)
	)
