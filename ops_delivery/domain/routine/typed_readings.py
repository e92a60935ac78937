"""Readings as people and machines enter them: "12 ℃", "１２", "−3", a choice, a tick.

What can be meant in one way is understood; what cannot is refused with its value and what the step takes. A unit other than the
step's is never converted: 54 °F at a step in °C may be a slip of the unit or of the number.

Written for clause 6.2.b.4.
"""

from __future__ import annotations

import re
import unicodedata
from math import isfinite

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.numbers import PLAIN, NumberFormat
from ops_delivery.domain.numbers import read as read_number
from ops_delivery.domain.routine.normal_state import CHOICE, NO, NOTE, NUMBER, QUESTION, YES, Step, Value
from ops_delivery.domain.typed_values import read_tick

GREATEST = 999_999_999_999.0  # beyond it a number is no reading of anything, and a site has no place for it

_AMOUNT = re.compile(
	r"(?P<number>[+-]?[\d., ']*\d[.,]?(?:[eE][+-]?\d{1,3}(?!\d))?)\s*(?P<unit>.*)", re.ASCII | re.DOTALL
)
_DASHES = str.maketrans({"−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "﹣": "-"})
_MORE_NUMBERS = re.compile(r"[-~/:]\s*\d|\d+\s*[-~]")
# units that people write in several ways; each name here means the first of its line
_SAME_UNIT = (
	("°C", "C", "摄氏度", "度"),
	("°F", "F", "华氏度"),
	("%", "percent", "pct"),
	("Ω", "ohm", "欧", "欧姆"),
	("V", "伏", "伏特"),
	("A", "安", "安培"),
	("W", "瓦", "瓦特"),
	("min", "分钟"),
	("h", "小时"),
	("s", "秒"),
	("ms", "毫秒"),
)


def read_value(step: Step, typed: object, form: NumberFormat = PLAIN) -> Value:
	"""The value that was entered at a step; None where nothing was: empty is no value and never normal.

	`form`: how the site writes numbers, which decides where a text can mean two ("1,500"). DomainError: bad_reading (no
	number), reading_in_other_unit, reading_impossible (outside what the step's value can be), choice_unknown, bad_tick.
	"""
	if typed is None or (isinstance(typed, str) and not typed.strip()):
		return None
	if step.kind == NUMBER:
		return _possible(step, _number(step, typed, form), typed)
	if step.kind == QUESTION:
		return _answer(step, typed)
	if step.kind == CHOICE:
		return _choice(step, typed)
	if step.kind == NOTE and isinstance(typed, str):
		return typed.strip()
	raise _no_value(step, typed)


def same_unit(one: str, other: str) -> bool:
	"""Whether two names mean one unit: "℃" and "°C", "％" and "%". Capitals count: MW is no mW."""
	return _unit(one) == _unit(other)


def _number(step: Step, typed: object, form: NumberFormat) -> float:
	if isinstance(typed, bool):
		raise _no_value(step, typed)
	if isinstance(typed, int | float):
		if not isfinite(typed):
			raise _no_value(step, typed)
		return float(typed)
	if not isinstance(typed, str):
		raise _no_value(step, typed)
	plain = unicodedata.normalize("NFKC", typed.replace("²", "^2").replace("³", "^3")).strip()
	found = _AMOUNT.fullmatch(plain.translate(_DASHES).replace("’", "'").replace("‘", "'"))
	if not found or _MORE_NUMBERS.match(found["unit"]):
		raise _no_value(step, typed)
	unit = found["unit"].strip()
	if unit and not same_unit(unit, step.unit):
		raise DomainError(
			"reading_in_other_unit",
			"{step} is measured in {unit}, but {value} is in {other}. Enter the value in {unit}."
			if step.unit.strip()
			else "{step} has no unit, but {value} is in {other}. Enter the number alone.",
			field=step.key,
			value=typed.strip(),
			unit=step.unit,
			other=unit,
			step=step.title,
		)
	try:
		return read_number(found["number"], form)
	except DomainError:
		raise _no_value(step, typed) from None


def _possible(step: Step, value: float, typed: object) -> float:
	least = -GREATEST if step.least is None else step.least
	most = GREATEST if step.most is None else step.most
	if not least <= value <= most:
		raise DomainError(
			"reading_impossible",
			"{value} cannot be a value of {step}, which lies from {least} to {most}. Check the number.",
			field=step.key,
			value=typed,
			step=step.title,
			least=least,
			most=most,
		)
	return value + 0.0  # no minus before zero


def _answer(step: Step, typed: object) -> str:
	try:
		return YES if read_tick(typed) else NO
	except DomainError:
		raise DomainError(
			"bad_tick",
			"{value} is no answer to {step}. Answer yes or no.",
			field=step.key,
			value=typed,
			step=step.title,
		) from None


def _choice(step: Step, typed: object) -> str:
	names = [name for name, _state in step.choices]
	if isinstance(typed, str):
		plain = _plain(typed)
		same = [name for name in names if _plain(name) == plain]
		if not same:
			same = [name for name in names if _plain(name).casefold() == plain.casefold()]
		if len(same) == 1:
			return same[0]
	raise DomainError(
		"choice_unknown",
		"{value} is none of the values of {step}: {known}. Choose one of them.",
		field=step.key,
		value=typed,
		step=step.title,
		known=", ".join(names),
	)


def _no_value(step: Step, typed: object) -> DomainError:
	return DomainError(
		"bad_reading",
		"{value} is not a number, and {step} takes one{unit}."
		if step.kind == NUMBER
		else "{value} is no text for {step}.",
		field=step.key,
		value=typed,
		step=step.title,
		unit=f" in {step.unit}" if step.unit.strip() else "",
	)


def _unit(name: str) -> str:
	plain = _plain(name.replace("º", "°")).replace(" ", "").replace("^", "")
	return next((names[0] for names in _SAME_UNIT if plain in names), plain)


def _plain(text: str) -> str:
	return unicodedata.normalize("NFKC", text).strip()
