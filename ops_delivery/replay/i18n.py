"""Words, numbers and durations in the language of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo

from ops_delivery.replay.errors import quote
from ops_delivery.replay.log import Rejection
from ops_delivery.replay.texts import NAMES, TEXTS

LANGUAGES = ("en", "zh")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LATIN = "'Noto Sans', 'Helvetica Neue', Arial"
_HAN = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei'"
# Font families, the first that is there counts; a Chinese page sets its punctuation and Latin in the Chinese font too.
FONTS = {"en": f"{_LATIN}, {_HAN}, sans-serif", "zh": f"{_HAN}, {_LATIN}, sans-serif"}
DURATIONS = {"en": (" h", " min", " s"), "zh": (" 小时", " 分", " 秒")}


class Words:
	"""Speaks one language; whatever it returns is plain text, not yet escaped."""

	def __init__(self, language: str) -> None:
		self.language = language
		self.index = LANGUAGES.index(language)
		self.fonts = FONTS[language]
		self.space = "" if language == "zh" else " "
		self.semicolon = "；" if language == "zh" else "; "

	def __call__(self, key: str, **values: object) -> str:
		"""The text of `key` with its {names} filled in."""
		return TEXTS[key][self.index].format(**values)

	def name(self, name: str) -> str:
		"""A name that the app ships in the report's language, any other as it is."""
		return NAMES.get(name, name) if self.language == "zh" else name

	def weekday(self, name: str) -> str:
		"""A day of the week, short."""
		return self.name(name) if self.language == "zh" else name[:3]

	def join(self, parts: Iterable[str]) -> str:
		"""A list within a sentence."""
		return ("、" if self.language == "zh" else ", ").join(parts)

	def number(self, value: int) -> str:
		"""With separators between thousands."""
		return f"{value:,}"

	def percent(self, part: int, whole: int) -> str:
		"""To one decimal; 100 % is said of nothing less than all, 0 % of nothing more than none, "–" of no whole."""
		if not whole:
			return "–"
		if part in (0, whole):
			return self.hundredths(100 if part else 0)
		tenths = min(999, max(1, (part * 2000 + whole) // (2 * whole)))
		return self.hundredths(f"{tenths // 10}.{tenths % 10}")

	def share(self, value: float) -> str:
		"""A share of 0 to 1, as percent() says it."""
		return self.percent(round(value * 1_000_000), 1_000_000)

	def hundredths(self, number: int | str) -> str:
		"""A number with its percent sign."""
		return f"{number}%" if self.language == "zh" else f"{number} %"

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

	def instant(self, seconds: int, zone: tzinfo) -> datetime:
		"""Epoch seconds as a datetime on the clock of `zone`."""
		return datetime.fromtimestamp(seconds, zone)

	def moment(self, value: datetime, zone: tzinfo) -> str:
		"""A date and time on the clock of `zone`."""
		local = value.astimezone(zone)
		return f"{self.day(local)} {local:%H:%M}"

	def month(self, day: date) -> str:
		"""A month on the axis of a chart."""
		return f"{day:%Y-%m}" if self.language == "zh" else f"{MONTHS[day.month - 1]} {day:%y}"

	def week(self, day: date) -> str:
		"""A week on the axis of a chart, by its Monday."""
		return f"{day:%m-%d}" if self.language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"

	def rejection(self, row: Rejection) -> str:
		"""Why a row, or a clock of a ticket, was not used, in a few words."""
		bare = ("short_row", "long_row", "duplicate_ticket", "hold_too_long")
		problem = self(row.code, column=row.column, value=row.value if row.code in bare else quote(row.value))
		if not row.commitment:
			return problem
		return self("clock_left_out", problem=problem, commitment=self.name(row.commitment))

	def sentence(self, text: str) -> str:
		"""A remark as a sentence of its own."""
		return f"{text[:1].upper()}{text[1:]}{self('full_stop')}"

	def note(self, key: str, values: Mapping[str, object]) -> str:
		"""How the log was read, where that is not plain."""
		return self(f"note_{key}", **values)
