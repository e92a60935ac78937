"""Numbers as people type them: one reader for every field in which a measured value is typed as text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import isfinite

from ops_delivery.domain.errors import DomainError

_WHOLE = re.compile(r"(?P<sign>[+-]?)(?P<body>[\d., ']*\d[.,]?)(?P<power>[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([., '])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})*,\d{3}", re.ASCII)  # 1,234,567 or 12,34,567
_SIGNS = str.maketrans({"−": "-", "’": "'", "‘": "'"})


@dataclass(frozen=True)
class NumberFormat:
	"""How a site writes numbers: the sign before the decimals, and those between the thousands."""

	decimal: str = "."
	groups: str = ","

	@classmethod
	def of(cls, pattern: str) -> NumberFormat:
		"""From a pattern such as "#,###.##", "# ###,##" or "#.###" (no decimals)."""
		signs = [sign for sign in pattern if sign != "#"]
		if len(signs) > 1:
			return cls(signs[-1], "".join(signs[:-1]))
		group = "".join(signs)
		return cls("," if group == "." else ".", group)


PLAIN = NumberFormat()


def read(text: str, form: NumberFormat = PLAIN) -> float:
	"""The number of a text. DomainError bad_reading for what is none.

	Full width digits and signs count as theirs. What can be meant in one way only is read so ("1,5" and "1.500,25" on any
	site); "1,500" can be both, so the site's format decides.
	"""
	plain = unicodedata.normalize("NFKC", text).strip().translate(_SIGNS)
	found = _WHOLE.fullmatch(plain)
	digits = _digits(found["body"], form) if found else None
	value = float(f"{found['sign']}{digits}{found['power'] or ''}") if found and digits else float("nan")
	if not isfinite(value):
		raise DomainError("bad_reading", "{value} is not a number.", value=text)
	return value


def _digits(body: str, form: NumberFormat) -> str | None:
	"""The digits with a point before the decimals; None where the signs between them make no number."""
	signs = [sign for sign in body if not sign.isdigit()]
	points = [sign for sign in signs if sign in ".,"]
	if not points or (len(points) > 1 and len(set(points)) == 1):
		return _whole(body)
	last = points[-1]
	if points.count(last) > 1:
		return None
	whole, decimals = body.split(last)
	if not decimals.isdigit() and decimals:
		return None
	if len(signs) == 1 and last != form.decimal and last in form.groups and _GROUPED.fullmatch(body):
		if not whole.startswith("0"):
			return _whole(body)
	head = _whole(whole) if whole else "0"
	return f"{head}.{decimals or '0'}" if head is not None else None


def _whole(body: str) -> str | None:
	if body.isdigit():
		return body
	return re.sub(r"\D", "", body) if _GROUPED.fullmatch(body) else None
