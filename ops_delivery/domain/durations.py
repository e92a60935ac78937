"""Durations as people write them: "30m", "4h", "2h30m"."""

from __future__ import annotations

import re

from ops_delivery.domain.errors import DomainError

_DURATION = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")


def parse_duration(value: str | int) -> int:
	"""Seconds from "1d", "4h", "2h30m", "45s" or an int of seconds. A day is 24 h, also of working time.

	DomainError "bad_duration" for anything else, and for a negative one.
	"""
	if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
		return value
	match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
	if not match or not any(match.groups()):
		raise DomainError(
			"bad_duration", "{value!r} is not a duration such as 30m, 4h or 2h30m.", value=value
		)
	days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
	return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def format_duration(seconds: int) -> str:
	"""The shortest text of hours, minutes and seconds: "2h30m"; parse_duration() reads it. Negative ones have a minus."""
	minutes, second = divmod(abs(seconds), 60)
	parts = ((minutes // 60, "h"), (minutes % 60, "m"), (second, "s"))
	text = "".join(f"{count}{unit}" for count, unit in parts if count) or "0m"
	return "-" + text if seconds < 0 else text
