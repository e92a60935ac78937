"""How a log writes its times: a strptime pattern, or a name such as "iso", as something that takes a text apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ops_delivery.domain.timeline import WallClock
from ops_delivery.replay import month_names
from ops_delivery.replay.errors import quote

ISO, EPOCH, EPOCH_MS, EXCEL = "iso", "epoch", "epoch_ms", "excel"
NAMED = (ISO, EPOCH, EPOCH_MS, EXCEL)
COMPOSED = {"%T": "%H:%M:%S", "%R": "%H:%M", "%F": "%Y-%m-%d", "%D": "%m/%d/%y", "%h": "%b"}
_WORD = r"[^\W\d_]+\.?"
DIRECTIVES = {
	"%Y": r"(?P<Y>\d{4})",
	"%y": r"(?P<y>\d{2})",
	"%m": r"(?P<m>0?[1-9]|1[0-2])",
	"%d": r"(?P<d>0?[1-9]|[12]\d|3[01])",
	"%b": rf"(?P<b>{_WORD}|\d{{1,2}}月)",
	"%B": rf"(?P<b>{_WORD}|\d{{1,2}}月)",
	"%a": _WORD,
	"%A": _WORD,
	"%H": r"(?P<H>[01]?\d|2[0-3])",
	"%I": r"(?P<I>0?[1-9]|1[0-2])",
	"%p": r"(?P<p>[AaPp]\.?\s?[Mm]\.?|上午|下午|凌晨|清晨|早晨|早上|中午|傍晚|晚上|오전|오후|午前|午後)",
	"%M": r"(?P<M>[0-5]?\d)",
	"%S": r"(?P<S>[0-5]?\d)",
	"%f": r"\d{1,9}",
	"%z": r"(?P<z>[Zz]|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)",
	"%Z": r"(?P<Z>[A-Za-z][A-Za-z_+\-/0-9]*)",
	"%%": "%",
}
SILENT = {"%a", "%A", "%f", "%%"}  # say nothing of the instant
AFTER_NOON = ("p", "下", "晚", "후", "後")
EVENING = "晚上"
# Abbreviations that are one offset wherever they are used; others (CST, IST, BST) count as the log's own zone uses them.
ABBREVIATIONS = {
	"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
	"JST": 9, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_ISO = re.compile(
	r"(?P<Y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
	r"(?:[T ]\s?(?P<H>[01]\d|2[0-3]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d)(?:[.,]\d+)?)?\s?(?P<z>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?",
	re.ASCII,
)


@dataclass(frozen=True)
class Wall:
	"""A time as it is written: the day (None for no such date), the seconds of it, and an offset if it has its own."""

	year: int
	month: int
	day: int
	clock: int
	offset: int | None = None


Take = Callable[[str], "Wall | int | None"]  # an int is an instant in epoch seconds


def problem_of(name: str) -> str | None:
	"""What is wrong with a time format, naming it; None if it can be used."""
	if name in NAMED:
		return None
	parts, said = _parts(name), quote(name)
	if len(parts) < 2:
		return f'must be "iso" or a pattern such as "%d/%m/%Y %H:%M" (or {", ".join(NAMED[1:])}), not {quote(name)}'
	used = [part for part in parts if part.startswith("%") and len(part) == 2 and part != "%%"]
	for part in used:
		if part not in DIRECTIVES:
			return f"{said} has {part}, which is not read here (known: {' '.join(DIRECTIVES)})"
	if "%H" in used and "%p" in used:
		return f"{said} has %p behind a clock of 24 hours (%H), which would not be heeded; write %I with %p"
	if "%I" in used and "%p" not in used:
		return f"{said} has a clock of 12 hours (%I) without %p, so morning and evening are the same; write %H, or add %p"
	if "%p" in used and "%I" not in used:
		return f"{said} has %p without the hours it belongs to; write %I"
	kinds = [part[1] for part in used if part not in SILENT]
	for one, other in (("Y", "y"), ("m", "b"), ("m", "B"), ("b", "B")):
		if one in kinds and other in kinds:
			return f"{said} has both %{one} and %{other}"
	if len(set(kinds)) != len(kinds):
		return f"{said} names a part twice"
	if not ({"Y", "y"} & {*kinds} and {"m", "b", "B"} & {*kinds} and "d" in kinds):
		return f"must be a whole date (year, month and day) and its time, not {said}"
	return None


def order_of(name: str) -> str:
	""" "day" or "month" for a format of numbers in which the two could be mistaken for each other, else ""."""
	parts = [part for part in _parts(name) if part in ("%d", "%m", "%Y", "%y", "%b", "%B")]
	if "%m" not in parts or "%d" not in parts or parts[0] in ("%Y", "%y"):
		return ""
	return "day" if parts.index("%d") < parts.index("%m") else "month"


def swapped(name: str) -> str:
	"""The format with day and month the other way round."""
	other = {"%d": "%m", "%m": "%d"}
	return "".join(other.get(part, part) for part in _parts(name))


def taker(name: str, zone: ZoneInfo, language: str | None = None) -> Take:
	"""What takes a text of that format apart; None of it for a text that does not fit."""
	if name == EPOCH:
		return lambda text: int(float(text)) if re.fullmatch(r"\d{9,10}(\.\d*)?", text, re.ASCII) else None
	if name == EPOCH_MS:
		return lambda text: int(text) // 1000 if re.fullmatch(r"\d{12,13}", text, re.ASCII) else None
	if name == EXCEL:
		return _excel
	pattern = _ISO if name == ISO else _pattern(name)

	def take(text: str) -> Wall | None:
		match = pattern.fullmatch(text)
		if not match:
			return _iso_of(text) if name == ISO else None
		part = match.groupdict()
		month = (
			int(part["m"])
			if part.get("m")
			else month_names.month_of(part["b"], language)
			if part.get("b")
			else None
		)
		if month is None:
			return None
		year = int(part["Y"]) if part.get("Y") else _century(int(part["y"]))
		offset = None
		if part.get("z"):
			offset = _offset(part["z"])
		elif part.get("Z"):
			offset = _zone_offset(part["Z"], zone, (year, month, int(part["d"])), _clock(part))
			if offset is None:
				return None
		if part.get("p") == EVENING and int(part["I"]) == 12:
			return None  # midnight, but of which of two days
		return Wall(year, month, int(part["d"]), _clock(part), offset)

	return take


def plain(text: str) -> str:
	"""A text with plain digits, signs and spaces instead of full width and narrow ones; takers expect it so."""
	return " ".join(unicodedata.normalize("NFKC", text).split())


def _parts(name: str) -> list[str]:
	for short, long in COMPOSED.items():
		name = name.replace(short, long)
	return [part for part in re.split(r"(%.)", name) if part]


@lru_cache
def _pattern(name: str) -> re.Pattern[str]:
	found = ""
	for part in _parts(name):
		if part in DIRECTIVES:
			found += DIRECTIVES[part]
		else:
			found += r"\s+".join(map(re.escape, re.split(r"\s+", unicodedata.normalize("NFKC", part))))
	return re.compile(found, re.ASCII if name.isascii() and "%b" not in name and "%B" not in name else 0)


def _clock(part: dict[str, str | None]) -> int:
	hour = int(part.get("H") or 0)
	if part.get("I"):
		sign = (part["p"] or "").lower()
		noon = sign == "中午" and int(part["I"]) not in (10, 11)
		hour = int(part["I"]) % 12 + (12 if noon or any(mark in sign for mark in AFTER_NOON) else 0)
	return hour * 3600 + int(part.get("M") or 0) * 60 + int(part.get("S") or 0)


def _century(year: int) -> int:
	return year + (2000 if year < 70 else 1900)


def _offset(text: str) -> int:
	digits = re.sub(r"[^\d+-]", "", text)
	if not digits:
		return 0
	number = digits[1:]
	hours, minutes = (number, "0") if len(number) <= 2 else (number[:-2], number[-2:])
	return (int(hours) * 3600 + int(minutes) * 60) * (-1 if digits[0] == "-" else 1)


def _zone_offset(name: str, zone: ZoneInfo, day: tuple[int, int, int], clock: int) -> int | None:
	"""The offset of a zone's name: an abbreviation of the log's own zone, one that is unambiguous, or an IANA name."""
	try:
		noon = datetime(*day, 12, tzinfo=zone)
		for at in (noon, noon - timedelta(days=182)):
			if at.tzname() == name.upper():
				return int(at.utcoffset().total_seconds())
		if name.upper() in ABBREVIATIONS:
			return ABBREVIATIONS[name.upper()] * 3600
		wall = (date(*day).toordinal() - date(1970, 1, 1).toordinal()) * 86400 + clock
		return wall - _clock_of(name, day[0]).instant(wall)
	except (KeyError, ValueError, OSError, OverflowError):
		return None


@lru_cache
def _clock_of(name: str, year: int) -> WallClock:
	"""The wall clock of an IANA zone in one year."""
	first = (date(year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()) * 86400
	return WallClock(ZoneInfo(name), first - 2 * 86400, first + 368 * 86400)


def _excel(text: str) -> Wall | None:
	"""A spreadsheet's serial number of a day and its part."""
	if not re.fullmatch(r"\d{4,6}(\.\d+)?", text, re.ASCII):
		return None
	at = datetime(1899, 12, 30) + timedelta(seconds=round(float(text) * 86400))  # noqa: DTZ001
	return Wall(at.year, at.month, at.day, at.hour * 3600 + at.minute * 60 + at.second)


def _iso_of(text: str) -> Wall | None:
	"""Rarer forms of ISO 8601, as far as this Python reads them."""
	try:
		at = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
	except ValueError:
		return None
	offset = int(at.utcoffset().total_seconds()) if at.tzinfo else None
	return Wall(at.year, at.month, at.day, at.hour * 3600 + at.minute * 60 + at.second, offset)
