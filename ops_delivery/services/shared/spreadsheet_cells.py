"""Texts from outside that end in a spreadsheet: what one would run as a formula is kept as a text (5.4.c)."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"  # what spreadsheets themselves put before a text


def kept(text: str) -> str:
	"""A text as it is stored and exported."""
	return MARK + text if text.startswith(FORMULA) else text


def written(stored: str) -> str:
	"""The text as it was written."""
	return stored[1:] if stored.startswith(MARK) and stored[1:].startswith(FORMULA) else stored
