"""Months by their names, in English and (with Babel) in any other language."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ENGLISH = (
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
	"december",
)  # fmt: skip
CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def babel_is_here() -> bool:
	"""Whether names in other languages than English and Chinese can be read."""
	try:
		import babel.dates
	except ImportError:
		return False
	return True


def month_of(name: str, language: str | None = None) -> int | None:
	"""The month (1 to 12) of a name, full or short, in any case; None for none, and for one that languages disagree on."""
	word = _plain(name)
	if language and language.split("_")[0] != "en":
		return _names(language).get(word)
	if found := _english().get(word):
		return found
	return None if language else _anywhere().get(word)


def knows(language: str) -> bool:
	"""Whether the names of a language ("fr", "pt_BR") can be read here."""
	return language.split("_")[0] in ("en", "zh") or bool(_names(language))


def _plain(name: str) -> str:
	"""Without accents, dots and case, as people type them."""
	letters = unicodedata.normalize("NFKD", name.casefold())
	return "".join(c for c in letters if not unicodedata.combining(c)).strip(" .")


@lru_cache
def _english() -> dict[str, int]:
	names = {name: i for i, name in enumerate(ENGLISH, 1)}
	names |= {name[:3]: i for name, i in names.items()} | {"sept": 9}
	for i, sign in enumerate(CHINESE, 1):
		names |= {f"{sign}月": i, f"{i}月": i}
	return names


@lru_cache
def _names(language: str) -> dict[str, int]:
	if language.split("_")[0] == "zh" or not babel_is_here():
		return _english() if language.split("_")[0] == "zh" else {}
	from babel import Locale, UnknownLocaleError

	try:
		months = Locale.parse(language).months
	except (UnknownLocaleError, ValueError):
		return {}
	return {
		_plain(name): number
		for context in ("format", "stand-alone")
		for width in ("wide", "abbreviated")
		for number, name in months[context][width].items()
	}


@lru_cache
def _anywhere() -> dict[str, int]:
	"""The names that mean one and the same month in every language that has them."""
	if not babel_is_here():
		return {}
	from babel.localedata import locale_identifiers

	found: dict[str, set[int]] = {}
	for language in locale_identifiers():
		if "_" not in language and language != "root":
			for word, month in _names(language).items():
				found.setdefault(word, set()).add(month)
	return {word: months.pop() for word, months in found.items() if len(months) == 1 and not word.isdigit()}
