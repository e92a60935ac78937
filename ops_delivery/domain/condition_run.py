"""One evaluation of a condition: what its parts do to values, with steps and sizes counted (clause 6.3.b)."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ops_delivery.domain.condition_text import short
from ops_delivery.domain.errors import DomainError

MOST_STEPS = 20_000  # of one evaluation
LONGEST_TEXT = 1_000_000  # characters of a text, entries of a list, that a condition makes
LONGEST_GIVEN = 100_000  # the same of what is handed to a function that is not of this module
LARGEST = 10**30
LARGEST_EXPONENT = 20
MOST_DIGITS = 30  # that round() may be asked for

Give = Callable[["Run"], Any]
Functions = Mapping[str, Callable[..., Any]]

NUMBERS = (int, float, Decimal)
TEXTS = (str, list, tuple)
MOMENTS = (date, time, timedelta)

METHODS: Mapping[type, frozenset[str]] = {
	str: frozenset(
		"lower upper strip lstrip rstrip title capitalize casefold startswith endswith isdigit isalpha isalnum "
		"isnumeric isupper islower isspace find rfind count index split splitlines removeprefix removesuffix".split()
	),
	datetime: frozenset("date time weekday isoweekday isoformat".split()),
	date: frozenset("weekday isoweekday isoformat".split()),
	time: frozenset(("isoformat",)),
	timedelta: frozenset(("total_seconds",)),
}
PARTS: Mapping[type, frozenset[str]] = {
	datetime: frozenset("year month day hour minute second".split()),
	date: frozenset("year month day".split()),
	time: frozenset("hour minute second".split()),
	timedelta: frozenset("days seconds".split()),
}
FUNCTIONS: Functions = MappingProxyType(
	{
		"abs": abs,
		"all": all,
		"any": any,
		"bool": bool,
		"float": float,
		"int": int,
		"len": len,
		"long": int,
		"max": max,
		"min": min,
		"round": round,
		"str": str,
		"sum": sum,
	}
)
OVER_ROWS = frozenset(("all", "any", "max", "min", "sum"))  # may be given `… for row in …`
NAMES = frozenset(("doc", "old"))

BINARY = {
	ast.Add: operator.add,
	ast.Sub: operator.sub,
	ast.Mult: operator.mul,
	ast.Div: operator.truediv,
	ast.FloorDiv: operator.floordiv,
	ast.Mod: operator.mod,
	ast.Pow: operator.pow,
}
COMPARE = {
	ast.Eq: operator.eq,
	ast.NotEq: operator.ne,
	ast.Lt: operator.lt,
	ast.LtE: operator.le,
	ast.Gt: operator.gt,
	ast.GtE: operator.ge,
	ast.Is: operator.is_,
	ast.IsNot: operator.is_not,
	ast.In: lambda left, right: operator.contains(right, left),
	ast.NotIn: lambda left, right: not operator.contains(right, left),
}
UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_}


class Run:
	"""One evaluation: the values, and how many steps are left."""

	__slots__ = ("functions", "left", "text", "values")

	def __init__(self, values: dict[str, Any], functions: Functions, text: str):
		self.values, self.functions, self.left, self.text = values, functions, MOST_STEPS, text

	def step(self, cost: int = 1) -> None:
		self.left -= cost
		if self.left < 0:
			raise too_costly(self.text)


def too_costly(text: str) -> DomainError:
	return DomainError(
		"condition_too_costly",
		"The condition {value} computes too much: too large a number, too long a text or too many steps.",
		field="condition",
		value=short(text),
	)


def size(value: Any) -> int:
	"""What it costs to walk through a value, in steps."""
	return len(value) // 100 if isinstance(value, str | list | tuple | set | dict) else 0


def kept_small(value: Any, run: Run) -> Any:
	"""A value that was made, if it is small enough to go on with."""
	if isinstance(value, bool):
		return value
	if isinstance(value, int):
		if not -LARGEST <= value <= LARGEST:
			raise too_costly(run.text)
	elif isinstance(value, TEXTS) and len(value) > LONGEST_TEXT:
		raise too_costly(run.text)
	return value


def calculated(kind: type[ast.operator], left: Any, right: Any, run: Run) -> Any:
	act = BINARY[kind]
	if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
		if kind is ast.Pow and (abs(right) > LARGEST_EXPONENT or abs(left) > LARGEST):
			raise too_costly(run.text)
		return kept_small(act(left, right), run)
	moments = isinstance(left, MOMENTS) or isinstance(right, MOMENTS)
	joined = kind is ast.Add and isinstance(left, TEXTS) and type(left) is type(right)
	if joined and len(left) + len(right) > LONGEST_TEXT:
		raise too_costly(run.text)
	if joined or (moments and kind is not ast.Pow and not isinstance(left, str)):
		run.step(size(left) + size(right))
		return act(left, right)
	raise TypeError(
		f"unsupported operand types for calculating: '{type(left).__name__}' and '{type(right).__name__}'"
	)


def part_of(value: Any, name: str) -> Any:
	"""`value.name`: a field of a record or row, or a part of a moment."""
	if isinstance(value, Mapping):
		return value.get(name)
	for kind, parts in PARTS.items():
		if isinstance(value, kind) and name in parts:
			return getattr(value, name)
	raise TypeError(f"a value of type '{type(value).__name__}' has no {name!r} that a condition could read")


def called_method(value: Any, name: str, arguments: list[Any], run: Run) -> Any:
	if isinstance(value, Mapping) and name == "get" and 1 <= len(arguments) <= 2:
		return value.get(*arguments)
	for kind, methods in METHODS.items():
		if isinstance(value, kind) and name in methods:
			run.step(size(value))
			return getattr(value, name)(*arguments)
	raise TypeError(f"a value of type '{type(value).__name__}' has no {name!r} that a condition could call")


def number(value: Any) -> Any:
	if value is None:
		return 0
	if not isinstance(value, (*NUMBERS, timedelta)):
		raise TypeError(f"a value of type '{type(value).__name__}' cannot be added up")
	return value


def checked(value: Any, run: Run) -> Any:
	"""An argument for a function that we do not know from the inside."""
	run.step(size(value))
	if isinstance(value, TEXTS) and len(value) > LONGEST_GIVEN:
		raise too_costly(run.text)
	if isinstance(value, float) and not math.isfinite(value):
		raise too_costly(run.text)
	return value


def plain(value: Any) -> Any:
	"""A record's value as a condition sees it: texts, numbers, moments, and mappings and lists of such; else None."""
	return _plain(value, 0)


# what most values of a record are, told by their type alone
PLAIN = frozenset((type(None), str, int, float, Decimal, date, datetime, time, timedelta))


def _plain(value: Any, depth: int) -> Any:
	if value is None or isinstance(value, str | int | float | Decimal | date | time | timedelta):
		return value
	if depth < 4:
		if isinstance(value, Mapping):
			return {str(key): _plain(one, depth + 1) for key, one in value.items()}
		if isinstance(value, list | tuple | set):
			return [_plain(one, depth + 1) for one in value]
	return None
