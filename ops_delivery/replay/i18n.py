"""Words, numbers and durations in the language of the report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from ops_delivery.replay.errors import quote
from ops_delivery.replay.log import Rejection
from ops_delivery.replay.texts import NAMES, TEXTS

LANGUAGES = ("en", "zh")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DURATIONS = {"en": (" h", " min", " s"), "zh": (" 小时", " 分", " 秒")}


class Words:
	"""Speaks one language; whatever it returns is plain text, not yet escaped."""

	def __init__(self, language: str) -> None:
		self.language = language
		self.index = LANGUAGES.index(language)

	def __call__(self, key: str, **values: object) -> str:
		"""The text of `key` with its {names} filled in."""
		return TEXTS[key][self.index].format(**values)

	def name(self, name: str) -> str:
		"""A name that the app ships in the report's language, any other as it is."""
		return NAMES.get(name, name) if self.language == "zh" else name

	def join(self, parts: Iterable[str]) -> str:
		"""A list within a sentence."""
		return ("、" if self.language == "zh" else ", ").join(parts)

	def number(self, value: int) -> str:
		"""With separators between thousands."""
		return f"{value:,}"

	def percent(self, part: int, whole: int) -> str:
		"""To one decimal, rounded towards zero: 100 % and nothing less means all of them. "–" of nothing."""
		if not whole:
			return "–"
		tenths = part * 1000 // whole
		text = str(tenths // 10) if part == whole or not part else f"{tenths // 10}.{tenths % 10}"
		return text + ("%" if self.language == "zh" else " %")

	def duration(self, seconds: float | None) -> str:
		"""Hours and minutes; hours are not turned into days, whose length depends on the calendar."""
		if seconds is None:
			return "–"
		hour, minute, second = DURATIONS[self.language]
		whole = round(seconds)
		if whole < 60:
			return f"{whole}{second}"
		minutes = whole // 60
		hours, minutes = divmod(minutes, 60)
		if hours >= 100:
			return f"{hours:,}{hour}"
		parts = [f"{hours}{hour}"] if hours else []
		return " ".join([*parts, f"{minutes}{minute}"] if minutes else parts)

	def day(self, value: date) -> str:
		"""A date."""
		if self.language == "zh":
			return value.strftime("%Y-%m-%d")
		return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

	def moment(self, value: datetime, zone: tzinfo) -> str:
		"""A date and time on the clock of `zone`."""
		local = value.astimezone(zone)
		return f"{self.day(local)} {local:%H:%M}"

	def month(self, year: int, month: int) -> str:
		"""A month on the axis of a chart."""
		return f"{year}-{month:02}" if self.language == "zh" else f"{MONTHS[month - 1]} {year % 100:02}"

	def rejection(self, row: Rejection) -> str:
		"""Why a row was not used, in a few words."""
		value = row.value if row.code in ("short_row", "unreadable_row") else quote(row.value)
		return self(row.code, column=row.column, value=value)
