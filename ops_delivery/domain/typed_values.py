"""Values as people write them in a table: days, times, lengths of time, ticks. Numbers: domain/numbers.py.

A spreadsheet gives a day as a day or as a moment at midnight, a text file as a text in the site's way, in the standard's or in
the Chinese one; one reader for all of them. DomainError where a value is none of its kind.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from ops_delivery.domain.durations import parse_duration
from ops_delivery.domain.errors import DomainError

_CHINESE_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_CHINESE_UNITS = (
	("小时", "h"),
	("分钟", "m"),
	("天", "d"),
	("日", "d"),
	("时", "h"),
	("分", "m"),
	("秒", "s"),
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_YES, _NO = (
	frozenset(("1", "true", "yes", "t", "y", "是", "√", "✓", "✔")),
	frozenset(("0", "false", "no", "f", "n", "否")),
)
_PARTS = {"yyyy": r"(?P<y>\d{4})", "mm": r"(?P<m>\d{1,2})", "dd": r"(?P<d>\d{1,2})"}
MIDNIGHT = time(0)


def read_day(value: object, pattern: str = "yyyy-mm-dd") -> date:
	"""A day. `pattern`: how the site writes days (dd-mm-yyyy, mm/dd/yyyy, dd.mm.yyyy …). A moment is a day only at midnight."""
	moment = read_moment(value, pattern)
	if moment.time() != MIDNIGHT:
		raise DomainError("bad_day", "{value} is no day.", value=value)
	return moment.date()


def read_moment(value: object, pattern: str = "yyyy-mm-dd") -> datetime:
	"""A moment; of a day alone its beginning."""
	if isinstance(value, datetime):
		return value.replace(tzinfo=None)
	if isinstance(value, date):
		return datetime.combine(value, MIDNIGHT)
	if not isinstance(value, str):
		raise DomainError("bad_day", "{value} is no day.", value=value)
	text = _plain(value)
	if found := _CHINESE_DAY.match(text):
		parts, rest = found.groups(), text[found.end() :]
	elif found := _YEAR_FIRST.match(text):
		parts, rest = found.groups(), text[found.end() :]
	elif found := _site_day(pattern).match(text):
		parts, rest = (found["y"], found["m"], found["d"]), text[found.end() :]
	else:
		raise DomainError("bad_day", "{value} is no day.", value=value)
	rest = rest[1:] if rest.startswith("T") else rest
	try:
		day = date(*(int(part) for part in parts))
		return datetime.combine(day, _time_of_day(rest.strip()))
	except ValueError:
		raise DomainError("bad_day", "{value} is no day.", value=value) from None


def read_time(value: object) -> str:
	"""A time of day as HH:MM:SS; 24:00:00 is the end of a day."""
	if isinstance(value, datetime):
		value = value.time()
	if isinstance(value, timedelta):
		hours, rest = divmod(round(value.total_seconds()), 3600)
		value = f"{hours}:{rest // 60:02}:{rest % 60:02}"
	if isinstance(value, time):
		return value.replace(microsecond=0).isoformat()
	found = _TIME.fullmatch(_plain(value)) if isinstance(value, str) else None
	hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (None, 0, 0)
	if hours is None or minutes > 59 or seconds > 59 or (hours, minutes, seconds) > (24, 0, 0):
		raise DomainError("bad_time", "{value} is no time of day.", value=value)
	return f"{hours:02}:{minutes:02}:{seconds:02}"


def read_duration(value: object) -> int:
	"""Seconds of "1d 2h", "2h30m", "2小时30分钟", a number of seconds, or a spreadsheet's hours and minutes."""
	if isinstance(value, timedelta):
		return round(value.total_seconds())
	if isinstance(value, time):
		return value.hour * 3600 + value.minute * 60 + value.second
	if isinstance(value, float) and value.is_integer():
		value = int(value)
	if isinstance(value, str):
		text = _plain(value)
		for unit, sign in _CHINESE_UNITS:
			text = text.replace(unit, sign)
		value = int(text) if text.isdigit() else text.replace(" ", "")
	if not isinstance(value, str | int) or isinstance(value, bool):
		raise DomainError("bad_duration", "{value} is no length of time.", value=value)
	return parse_duration(value)


def read_tick(value: object) -> int:
	"""1 or 0 of a tick: 1, yes, true, 是; 0, no, false, 否."""
	text = _plain(str(int(value)) if isinstance(value, bool | float) else str(value)).lower()
	if text in _YES:
		return 1
	if text in _NO:
		return 0
	raise DomainError("bad_tick", "{value} is neither yes nor no.", value=value)


def in_units(seconds: int) -> str:
	"""Seconds as a table shows a length of time, the units apart: "1d 2h 30m"."""
	parts = (
		(seconds // 86400, "d"),
		(seconds // 3600 % 24, "h"),
		(seconds // 60 % 60, "m"),
		(seconds % 60, "s"),
	)
	return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _site_day(pattern: str) -> re.Pattern[str]:
	return re.compile(
		re.sub("yyyy|mm|dd", lambda part: _PARTS[part[0]], re.escape(pattern).replace("\\-", "-"))
	)


def _time_of_day(text: str) -> time:
	if not text:
		return MIDNIGHT
	found = _TIME.fullmatch(text)
	if not found:
		raise ValueError(text)
	return time(*(int(part or 0) for part in found.groups()))


def _plain(text: str) -> str:
	return unicodedata.normalize("NFKC", text).strip()
