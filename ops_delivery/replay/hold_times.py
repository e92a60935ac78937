"""How long a ticket was held, as help desks write it: "2 days 14 hours", "62:30:00", "P2DT14H", or a plain number."""

from __future__ import annotations

import re
import unicodedata

UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "milliseconds": 0.001}
_NAMES = {
	"d": 86400, "day": 86400, "days": 86400, "jour": 86400, "jours": 86400, "tag": 86400, "tage": 86400, "día": 86400,
	"días": 86400, "天": 86400, "日": 86400, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "heure": 3600,
	"heures": 3600, "stunde": 3600, "stunden": 3600, "hora": 3600, "horas": 3600, "小时": 3600, "时": 3600, "m": 60, "min": 60,
	"mins": 60, "minute": 60, "minutes": 60, "minuten": 60, "minuto": 60, "minutos": 60, "分": 60, "分钟": 60, "s": 1, "sec": 1,
	"secs": 1, "second": 1, "seconds": 1, "seconde": 1, "secondes": 1, "sekunde": 1, "sekunden": 1, "segundo": 1,
	"segundos": 1, "dia": 86400, "dias": 86400, "秒": 1, "w": 604800, "week": 604800, "weeks": 604800, "周": 604800,
}  # fmt: skip
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?!\d)", re.ASCII)
_CLOCK = re.compile(
	r"(?:(\d+)(?:\s*(?:d|days?|jours?|天)\s*,?\s*|\.))?(\d+):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?", re.I
)
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.I)


def seconds_of(text: str, unit: str = "seconds") -> int | None:
	"""The seconds of a duration, None for what is none; a number without a unit counts `unit`."""
	plain = " ".join(unicodedata.normalize("NFKC", text).split()).lower()
	if _THOUSANDS.search(plain):
		return None  # 1,234 seconds are a thousand to some and one to others
	if re.fullmatch(r"\d+(?:[.,]\d+)?", plain, re.ASCII):
		return round(float(plain.replace(",", ".")) * UNITS[unit])
	if match := _CLOCK.fullmatch(plain):
		days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
		return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
	if len(plain) > 1 and (match := _ISO.fullmatch(plain)) and any(match.groups()):
		days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
		return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
	parts = _PART.findall(plain)
	rest = re.sub(r"[\s,]|\b(?:and|und|et|e|y)\b", "", _PART.sub("", plain))
	if not parts or rest or any(name not in _NAMES for _, name in parts):
		return None
	return round(sum(float(number.replace(",", ".")) * _NAMES[name] for number, name in parts))
