"""Reading a log's local times into instants (epoch seconds), fast and with the clock changes of the zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from ops_delivery.domain.timeline import WallClock
from ops_delivery.replay import time_formats
from ops_delivery.replay.time_formats import Wall

# What a service calendar covers; a time outside is as good as unreadable.
FIRST_YEAR, LAST_YEAR = 1970, 2199
CACHE_LIMIT = 100_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY = 86400
_DATE_AND_TIME = re.compile(r"(%[Ymd](?:[^%\s\w]%[Ymd])*)[ T](%H:%M(?::%S)?)", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]?\d)(?::([0-5]?\d))?", re.ASCII)


class TimeReader:
	"""Reads times written in one of `formats` as wall-clock times of `zone`.

	A wall time that the clock skips in spring is the instant of the change; one that comes twice in autumn is its first
	occurrence, and `second` has the other of it. A time with an offset of its own needs no zone.
	"""

	def __init__(self, formats: Sequence[str], zone: ZoneInfo, language: str | None = None) -> None:
		self.zone = zone
		self.formats = tuple(formats)
		self.second: dict[int, int] = {}  # first occurrence -> second
		self.proved = False  # whether a day beyond the 12th has been read, which no month can be
		self._mistakable = [bool(time_formats.order_of(name)) for name in formats]
		self._takers = [time_formats.taker(name, zone, language) for name in formats]
		self._years: dict[int, tuple[WallClock, list[tuple[int, int, int]]]] = {}
		self._known: dict[str, int | None] = {}
		# A plain "date time" is read by its halves, which come again and again where the whole does not.
		plain = _DATE_AND_TIME.fullmatch(self.formats[0]) if self.formats else None
		self._sign = "T" if plain and "T" in self.formats[0] else " "
		self._seconds = plain is not None and plain[2].endswith("%S")
		self._midnights: dict[str, int] | None = (
			{} if plain else None
		)  # of days on which the clock does not change
		self._clocks: dict[str, int] = {}

	def read(self, text: str) -> int | None:
		"""The instant of `text` in epoch seconds, None if it cannot be read."""
		if self._midnights is not None:
			day, _, clock = text.partition(self._sign)
			try:
				return self._midnights[day] + self._clocks[clock]
			except KeyError:
				if day in self._midnights and self._keep_clock(clock):
					return self._midnights[day] + self._clocks[clock]
		try:
			return self._known[text]
		except KeyError:
			pass
		if len(self._known) >= CACHE_LIMIT:
			self._known.clear()
		instant = self._known[text] = self._read(text)
		return instant

	def _read(self, text: str) -> int | None:
		plain = time_formats.plain(text)
		for i, take in enumerate(self._takers):
			found = take(plain)
			if isinstance(found, int):
				return found if found < 7_258_118_400 else None
			if found and (day := _day(found)) is not None:
				self.proved = self.proved or (found.day > 12 and self._mistakable[i])
				if found.offset is not None:
					return day * _DAY + found.clock - found.offset
				if not i and self._midnights is not None:
					self._keep(text, day, found)
				return self._instant(found.year, day * _DAY + found.clock)
		return None

	def _keep(self, text: str, day: int, found: Wall) -> None:
		"""Remembers the halves of a text, if they are what they seem."""
		date_text, sign, clock_text = text.partition(self._sign)
		if not sign or len(self._midnights) >= CACHE_LIMIT or not self._keep_clock(clock_text):
			return
		start = self._instant(found.year, day * _DAY)
		if self._instant(found.year, (day + 1) * _DAY) - start == _DAY and not self._repeats_on(
			found.year, day
		):
			self._midnights[date_text] = start

	def _keep_clock(self, text: str) -> bool:
		match = _CLOCK.fullmatch(text)
		if not match or (match[3] is not None) != self._seconds:
			return False
		self._clocks[text] = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
		return True

	def _repeats_on(self, year: int, day: int) -> bool:
		low, high = day * _DAY, (day + 1) * _DAY
		return any(start < high and end > low for start, end, _offset in self._year(year)[1])

	def _year(self, year: int) -> tuple[WallClock, list[tuple[int, int, int]]]:
		if year not in self._years:
			first = (date(year, 1, 1).toordinal() - _EPOCH_DAY) * _DAY
			clock = WallClock(self.zone, first - 2 * _DAY, first + 368 * _DAY)
			self._years[year] = clock, clock.repeated()
		return self._years[year]

	def _instant(self, year: int, wall: int) -> int:
		"""The instant at which the zone's clock shows `wall` (seconds since 1970-01-01 00:00 local)."""
		clock, repeated = self._year(year)
		instant = clock.instant(wall)
		for start, end, offset in repeated:
			if start <= wall < end:
				self.second[instant] = wall - offset
		return instant


def _day(wall: Wall) -> int | None:
	"""The date as days since 1970-01-01, None if there is no such date within the years that can be read."""
	if not FIRST_YEAR <= wall.year <= LAST_YEAR:
		return None
	try:
		return date(wall.year, wall.month, wall.day).toordinal() - _EPOCH_DAY
	except ValueError:
		return None
