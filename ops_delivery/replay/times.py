"""Reading a log's local times into instants (epoch seconds), fast and with the clock changes of the zone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ops_delivery.domain.timeline import WallClock

# What a service calendar covers; a time outside is as good as unreadable.
FIRST_YEAR, LAST_YEAR = 1970, 2199
CACHE_LIMIT = 200_000
ISO = "iso"

# The strptime directives that the quick reader understands; any other goes through strptime itself.
QUICK = {
	"%Y": r"(?P<Y>\d{4})",
	"%m": r"(?P<m>\d{1,2})",
	"%d": r"(?P<d>\d{1,2})",
	"%H": r"(?P<H>[01]?\d|2[0-3])",
	"%I": r"(?P<I>0?[1-9]|1[0-2])",
	"%p": r"(?P<p>[AaPp][Mm]|上午|下午)",
	"%M": r"(?P<M>[0-5]?\d)",
	"%S": r"(?P<S>[0-5]?\d)",
	"%%": "%",
}
AFTER_NOON = ("pm", "下午")
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY = 86400


def quick_pattern(time_format: str) -> re.Pattern[str] | None:
	"""A regular expression for a plain numeric `time_format`, or None if it needs strptime."""
	parts = re.split(r"(%.)", time_format)
	used = [part for part in parts if part in QUICK and part != "%%"]
	if any(part.startswith("%") and part not in QUICK for part in parts) or len(set(used)) != len(used):
		return None
	if not {"%Y", "%m", "%d"} <= set(used) or ("%I" in used) != ("%p" in used) or {"%H", "%I"} <= set(used):
		return None
	pattern = "".join(QUICK[part] if part in QUICK else re.escape(part) for part in parts)
	return re.compile(pattern, re.ASCII)


class TimeReader:
	"""Reads times written in one of `formats` (strptime, or "iso") as wall-clock times of `zone`.

	A wall time that the clock skips in spring is the instant of the change; one that comes twice in autumn is its
	first occurrence, or on request its second. A time with an offset of its own (%z, or ISO with one) needs no zone.
	"""

	def __init__(self, formats: Sequence[str], zone: ZoneInfo) -> None:
		self.zone = zone
		self.formats = tuple(formats)
		self._patterns = [pattern for name in formats if name != ISO and (pattern := quick_pattern(name))]
		self._days: dict[tuple[str, str, str], int | None] = {}
		self._years: dict[int, WallClock] = {}
		self._known: dict[str, int | None] = {}

	def read(self, text: str) -> int | None:
		"""The instant of `text` in epoch seconds, None if it cannot be read."""
		try:
			return self._known[text]
		except KeyError:
			pass
		if len(self._known) >= CACHE_LIMIT:
			self._known.clear()
		instant = self._known[text] = self._read(text)
		return instant

	def read_second(self, text: str) -> int | None:
		"""As `read`, but a wall time that comes twice is its second occurrence."""
		first, wall = self.read(text), self._parse(text)
		if first is None or wall is None or wall.tzinfo is not None:
			return first
		return max(first, int(wall.replace(tzinfo=self.zone, fold=1).timestamp()))

	def _read(self, text: str) -> int | None:
		if not text.isascii():
			text = unicodedata.normalize("NFKC", text)  # full width digits and signs
		for pattern in self._patterns:
			if match := pattern.fullmatch(text):
				part = match.groupdict()
				day = self._day(part["Y"], part["m"], part["d"])
				if day is None:
					continue
				hour = int(part.get("H") or 0)
				if "I" in part:
					hour = int(part["I"]) % 12 + (12 if part["p"].lower() in AFTER_NOON else 0)
				clock = hour * 3600 + int(part.get("M") or 0) * 60 + int(part.get("S") or 0)
				return self._instant(int(part["Y"]), day * _DAY + clock)
		wall = self._parse(text)
		if wall is None or not FIRST_YEAR <= wall.year <= LAST_YEAR:
			return None
		if wall.tzinfo is not None:
			return int(wall.timestamp())
		clock = wall.hour * 3600 + wall.minute * 60 + wall.second
		return self._instant(wall.year, (wall.toordinal() - _EPOCH_DAY) * _DAY + clock)

	def _day(self, year: str, month: str, day: str) -> int | None:
		"""The date as days since 1970-01-01, None if there is no such date within the years that can be read."""
		key = (year, month, day)
		if key not in self._days:
			try:
				found = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
			except ValueError:
				found = None
			self._days[key] = found if FIRST_YEAR <= int(year) <= LAST_YEAR else None
		return self._days[key]

	def _instant(self, year: int, wall: int) -> int:
		"""The instant at which the zone's clock shows `wall` (seconds since 1970-01-01 00:00 local)."""
		clock = self._years.get(year)
		if clock is None:
			first = (date(year, 1, 1).toordinal() - _EPOCH_DAY) * _DAY
			clock = self._years[year] = WallClock(self.zone, first - 2 * _DAY, first + 368 * _DAY)
		return clock.instant(wall)

	def _parse(self, text: str) -> datetime | None:
		"""`text` as it is written, with an offset only if it has one itself."""
		for name in self.formats:
			try:
				if name == ISO:
					return datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
				return datetime.strptime(text, name)  # noqa: DTZ007 (the zone is the reader's)
			except ValueError:
				continue
		return None
