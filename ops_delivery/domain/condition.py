"""Conditions that administrators write: a question to a record's values, and nothing else (clause 6.3.b).

A condition is one Python expression. It may use: `doc.field` and `old.field` (also `doc["field"]`, `doc.get("field")`;
a missing field is None), rows of tables (`any(row.qty > 1 for row in doc.items)`), texts, numbers and lists as they
are written, and/or/not, comparisons, `in`, `is`, + - * / // % **, `a if b else c`, the functions of FUNCTIONS, the
methods of texts and dates in METHODS, and those functions that the caller gives under dotted names, as `frappe.utils.nowdate`.

Whatever else Python could do is refused when the condition is read. While it runs, its steps and the size of what it
makes are counted, so that none can hold up the process that asks it. It is compiled to closures once.
"""

from __future__ import annotations

import ast
import math
import operator
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ops_delivery.domain.errors import DomainError

LONGEST = 4000  # characters of a condition
DEEPEST = 60  # parts within parts
MOST_STEPS = 20_000  # of one evaluation
LONGEST_TEXT = 1_000_000  # characters of a text, entries of a list, that a condition makes
LONGEST_GIVEN = 100_000  # the same of what is handed to a function that is not of this module
LARGEST = 10**30
LARGEST_EXPONENT = 20
MOST_DIGITS = 30  # that round() may be asked for

Give = Callable[["_Run"], Any]
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

_BINARY = {
	ast.Add: operator.add,
	ast.Sub: operator.sub,
	ast.Mult: operator.mul,
	ast.Div: operator.truediv,
	ast.FloorDiv: operator.floordiv,
	ast.Mod: operator.mod,
	ast.Pow: operator.pow,
}
_COMPARE = {
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
_UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_}


class Condition:
	"""A condition that was read and found allowed. `holds` asks it; `called` are the given functions it uses."""

	def __init__(self, text: str, given: frozenset[str]):
		tree = parsed(text)
		reader = _Reader(text, given)
		self.text = text
		self._give = reader.read(tree.body, frozenset(), 0)
		self.called = frozenset(reader.called)

	def holds(self, doc: Mapping[str, Any], old: Mapping[str, Any], functions: Functions) -> bool:
		"""Whether it is true of a record's values and those before. Raises what its parts raise (a TypeError where a
		text is compared with a number), and DomainError condition_too_costly."""
		return bool(self._give(_Run({"doc": doc, "old": old}, functions, self.text)))


@lru_cache(maxsize=2048)
def read(text: str, given: frozenset[str] = frozenset()) -> Condition:
	"""Read a condition; `given`: the dotted names of the functions there are beside FUNCTIONS.

	DomainError condition_blank, condition_too_long, condition_syntax, condition_not_allowed, condition_unknown_name.
	"""
	return Condition(text, given)


def plain(value: Any) -> Any:
	"""A record's value as a condition sees it: texts, numbers, moments, and mappings and lists of such; else None."""
	return _plain(value, 0)


def _plain(value: Any, depth: int) -> Any:
	if value is None or isinstance(value, str | int | float | Decimal | date | time | timedelta):
		return value
	if depth < 4:
		if isinstance(value, Mapping):
			return {str(key): _plain(one, depth + 1) for key, one in value.items()}
		if isinstance(value, list | tuple | set):
			return [_plain(one, depth + 1) for one in value]
	return None


# Running


class _Run:
	"""One evaluation: the values, and how many steps are left."""

	__slots__ = ("functions", "left", "text", "values")

	def __init__(self, values: dict[str, Any], functions: Functions, text: str):
		self.values, self.functions, self.left, self.text = values, functions, MOST_STEPS, text

	def step(self, cost: int = 1) -> None:
		self.left -= cost
		if self.left < 0:
			raise _too_costly(self.text)


def _too_costly(text: str) -> DomainError:
	return DomainError(
		"condition_too_costly",
		"The condition {value} computes too much: too large a number, too long a text or too many steps.",
		field="condition",
		value=_short(text),
	)


def _size(value: Any) -> int:
	"""What it costs to walk through a value, in steps."""
	return len(value) // 100 if isinstance(value, str | list | tuple | set | dict) else 0


def _kept_small(value: Any, run: _Run) -> Any:
	"""A value that was made, if it is small enough to go on with."""
	if isinstance(value, bool):
		return value
	if isinstance(value, int):
		if not -LARGEST <= value <= LARGEST:
			raise _too_costly(run.text)
	elif isinstance(value, TEXTS) and len(value) > LONGEST_TEXT:
		raise _too_costly(run.text)
	return value


def _calculated(kind: type[ast.operator], left: Any, right: Any, run: _Run) -> Any:
	act = _BINARY[kind]
	if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
		if kind is ast.Pow and (abs(right) > LARGEST_EXPONENT or abs(left) > LARGEST):
			raise _too_costly(run.text)
		return _kept_small(act(left, right), run)
	moments = isinstance(left, MOMENTS) or isinstance(right, MOMENTS)
	joined = kind is ast.Add and isinstance(left, TEXTS) and type(left) is type(right)
	if joined and len(left) + len(right) > LONGEST_TEXT:
		raise _too_costly(run.text)
	if joined or (moments and kind is not ast.Pow and not isinstance(left, str)):
		run.step(_size(left) + _size(right))
		return act(left, right)
	raise TypeError(
		f"unsupported operand types for calculating: '{type(left).__name__}' and '{type(right).__name__}'"
	)


def _part(value: Any, name: str) -> Any:
	"""`value.name`: a field of a record or row, or a part of a moment."""
	if isinstance(value, Mapping):
		return value.get(name)
	for kind, parts in PARTS.items():
		if isinstance(value, kind) and name in parts:
			return getattr(value, name)
	raise TypeError(f"a value of type '{type(value).__name__}' has no {name!r} that a condition could read")


def _called_method(value: Any, name: str, arguments: list[Any], run: _Run) -> Any:
	if isinstance(value, Mapping) and name == "get" and 1 <= len(arguments) <= 2:
		return value.get(*arguments)
	for kind, methods in METHODS.items():
		if isinstance(value, kind) and name in methods:
			run.step(_size(value))
			return getattr(value, name)(*arguments)
	raise TypeError(f"a value of type '{type(value).__name__}' has no {name!r} that a condition could call")


# Reading


class _Reader:
	"""Makes closures of an expression's parts, and refuses what is not allowed. `local`: names of rows around it."""

	def __init__(self, text: str, given: frozenset[str]):
		self.text, self.given, self.called = text, given, set()

	def read(self, node: ast.AST, local: frozenset[str], depth: int) -> Give:
		if depth > DEEPEST:
			raise self._refused(node)
		give = self._read(node, local, depth + 1)

		def counted(run: _Run) -> Any:
			run.left -= 1
			if run.left < 0:
				raise _too_costly(run.text)
			return give(run)

		return counted

	def _read(self, node: ast.AST, local: frozenset[str], depth: int) -> Give:
		match node:
			case ast.Constant(value=value) if value is None or isinstance(value, str | int | float):
				if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
					raise self._refused(node)
				return lambda run: value
			case ast.Name(id=name):
				if name not in NAMES and name not in local:
					raise self._unknown(name)
				return lambda run: run.values[name]
			case ast.Attribute(attr=name) if not name.startswith("__") and not self._dotted(node):
				of = self.read(node.value, local, depth)
				return lambda run: _part(of(run), name)
			case ast.Subscript():
				return self._item(node, local, depth)
			case ast.BoolOp(op=op, values=values):
				return self._joined(isinstance(op, ast.Or), [self.read(one, local, depth) for one in values])
			case ast.UnaryOp(op=op) if type(op) in _UNARY:
				act, operand = _UNARY[type(op)], self.read(node.operand, local, depth)
				return lambda run: act(operand(run))
			case ast.BinOp(op=op) if type(op) in _BINARY:
				kind = type(op)
				left, right = self.read(node.left, local, depth), self.read(node.right, local, depth)
				return lambda run: _calculated(kind, left(run), right(run), run)
			case ast.Compare():
				return self._compared(node, local, depth)
			case ast.IfExp():
				test, body, orelse = (
					self.read(one, local, depth) for one in (node.test, node.body, node.orelse)
				)
				return lambda run: body(run) if test(run) else orelse(run)
			case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
				entries = [self.read(one, local, depth) for one in parts]
				if all(isinstance(one, ast.Constant) for one in parts):
					made = tuple(one.value for one in parts)
					return lambda run: made
				return lambda run: [one(run) for one in entries]
			case ast.ListComp():
				rows = self._rows(node, local, depth)
				return lambda run: _kept_small(list(rows(run)), run)
			case ast.Call():
				return self._call(node, local, depth)
		raise self._refused(node)

	def _joined(self, wanted: bool, parts: list[Give]) -> Give:
		def joined(run: _Run) -> Any:
			for part in parts:
				value = part(run)
				if bool(value) is wanted:
					return value
			return value

		return joined

	def _compared(self, node: ast.Compare, local: frozenset[str], depth: int) -> Give:
		if not all(type(op) in _COMPARE for op in node.ops):
			raise self._refused(node)
		first = self.read(node.left, local, depth)
		others = [
			(_COMPARE[type(op)], self.read(part, local, depth))
			for op, part in zip(node.ops, node.comparators, strict=True)
		]

		def compared(run: _Run) -> bool:
			left = first(run)
			for act, part in others:
				right = part(run)
				run.left -= _size(left) + _size(right)
				if not act(left, right):
					return False
				left = right
			return True

		return compared

	def _item(self, node: ast.Subscript, local: frozenset[str], depth: int) -> Give:
		of = self.read(node.value, local, depth)
		if isinstance(node.slice, ast.Slice):
			bounds = [
				self.read(one, local, depth) if one else lambda run: None
				for one in (node.slice.lower, node.slice.upper, node.slice.step)
			]

			def cut(run: _Run) -> Any:
				value = of(run)
				if not isinstance(value, TEXTS):
					raise TypeError(f"a value of type '{type(value).__name__}' cannot be cut")
				run.step(_size(value))
				return value[slice(*(bound(run) for bound in bounds))]

			return cut
		key = self.read(node.slice, local, depth)

		def item(run: _Run) -> Any:
			value, at = of(run), key(run)
			if isinstance(value, Mapping):
				return value.get(at)
			if isinstance(value, TEXTS):
				return value[at]
			raise TypeError(f"a value of type '{type(value).__name__}' has no entries")

		return item

	def _rows(self, node: ast.ListComp | ast.GeneratorExp, local: frozenset[str], depth: int) -> Give:
		"""`element for row in rows if …`, over one table."""
		if len(node.generators) != 1 or node.generators[0].is_async:
			raise self._refused(node)
		source = node.generators[0]
		if not isinstance(source.target, ast.Name):
			raise self._refused(source.target)
		name = source.target.id
		if name in NAMES or name.startswith("__"):
			raise self._refused(source.target)
		table, inside = self.read(source.iter, local, depth), local | {name}
		tests = [self.read(test, inside, depth) for test in source.ifs]
		element = self.read(node.elt, inside, depth)

		def rows(run: _Run) -> Iterator[Any]:
			values = table(run)
			if values is None:
				return
			if not isinstance(values, list | tuple | str):
				raise TypeError(f"a value of type '{type(values).__name__}' has no rows")
			before = run.values
			for row in values:
				run.step()
				run.values = {**before, name: row}
				try:
					if all(test(run) for test in tests):
						value = element(run)
					else:
						continue
				finally:
					run.values = before
				yield value

		return rows

	def _call(self, node: ast.Call, local: frozenset[str], depth: int) -> Give:
		if any(isinstance(one, ast.Starred) for one in node.args) or any(not one.arg for one in node.keywords):
			raise self._refused(node)
		dotted = self._dotted(node.func)
		if dotted in FUNCTIONS and dotted not in local:
			return self._own(node, dotted, local, depth)
		arguments = [self.read(one, local, depth) for one in node.args]
		if dotted:
			if dotted not in self.given:
				raise self._unknown(dotted)
			self.called.add(dotted)
			named = {one.arg: self.read(one.value, local, depth) for one in node.keywords}
			return lambda run: self._given(run, dotted, arguments, named)
		if isinstance(node.func, ast.Name):
			raise self._unknown(node.func.id)
		if not isinstance(node.func, ast.Attribute) or node.keywords:
			raise self._refused(node)
		name = node.func.attr
		if name != "get" and not any(name in methods for methods in METHODS.values()):
			raise self._refused(node)
		of = self.read(node.func.value, local, depth)
		return lambda run: _kept_small(
			_called_method(of(run), name, [one(run) for one in arguments], run), run
		)

	def _own(self, node: ast.Call, name: str, local: frozenset[str], depth: int) -> Give:
		if node.keywords:
			raise self._refused(node)
		function = FUNCTIONS[name]
		if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp) and name in OVER_ROWS:
			rows = self._rows(node.args[0], local, depth)
			return lambda run: _kept_small(function(self._added(rows(run), name)), run)
		arguments = [self.read(one, local, depth) for one in node.args]

		def call(run: _Run) -> Any:
			values = [one(run) for one in arguments]
			for value in values:
				run.step(_size(value))
			if name == "round" and len(values) > 1 and abs(values[1]) > MOST_DIGITS:
				raise _too_costly(run.text)
			if name == "sum" and values:
				values[0] = list(self._added(values[0], name))
			return _kept_small(function(*values), run)

		return call

	@staticmethod
	def _added(values: Any, name: str) -> Any:
		"""What is summed are numbers or spans of time: lists would grow with every one of them."""
		if name != "sum":
			return values
		return (_number(value) for value in values)

	def _given(self, run: _Run, name: str, arguments: list[Give], named: dict[str, Give]) -> Any:
		values = [_checked(one(run), run) for one in arguments]
		options = {key: _checked(one(run), run) for key, one in named.items()}
		run.step(20)
		return _kept_small(plain(run.functions[name](*values, **options)), run)

	def _dotted(self, node: ast.AST) -> str:
		"""`frappe.utils.nowdate` of the node that means it; "" for what begins with a record or a row."""
		parts: list[str] = []
		while isinstance(node, ast.Attribute):
			parts.append(node.attr)
			node = node.value
		if not isinstance(node, ast.Name):
			return ""
		dotted = ".".join((node.id, *reversed(parts)))
		known = node.id == "frappe" or dotted in self.given or (not parts and node.id in FUNCTIONS)
		return dotted if known else ""

	def _refused(self, node: ast.AST) -> DomainError:
		return DomainError(
			"condition_not_allowed",
			"The condition {value} uses {part}, which is not possible here.",
			field="condition",
			value=_short(self.text),
			part=_short(_written(node)),
		)

	def _unknown(self, name: str) -> DomainError:
		return DomainError(
			"condition_unknown_name",
			"The condition {value} asks for {name}, which is not known here.",
			field="condition",
			value=_short(self.text),
			name=_short(name),
		)


def _number(value: Any) -> Any:
	if value is None:
		return 0
	if not isinstance(value, (*NUMBERS, timedelta)):
		raise TypeError(f"a value of type '{type(value).__name__}' cannot be added up")
	return value


def _checked(value: Any, run: _Run) -> Any:
	"""An argument for a function that we do not know from the inside."""
	run.step(_size(value))
	if isinstance(value, TEXTS) and len(value) > LONGEST_GIVEN:
		raise _too_costly(run.text)
	if isinstance(value, float) and not math.isfinite(value):
		raise _too_costly(run.text)
	return value


def parsed(text: str) -> ast.Expression:
	"""A condition as Python reads it; DomainError condition_blank, condition_too_long, condition_syntax."""
	source = unicodedata.normalize("NFKC", text or "").strip()
	if not source:
		raise DomainError("condition_blank", "There is no condition.", field="condition", value="")
	if len(source) > LONGEST:
		raise DomainError(
			"condition_too_long",
			"The condition is longer than {limit} characters.",
			field="condition",
			limit=LONGEST,
		)
	try:
		return ast.parse(f"({source}\n)", mode="eval")  # one expression may run over several lines
	except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
		raise DomainError(
			"condition_syntax",
			"The condition {value} cannot be read near position {position}.",
			field="condition",
			value=_short(text),
			position=max(1, (getattr(error, "offset", None) or 1) - 1),
		) from None


def _written(node: ast.AST) -> str:
	try:
		return ast.unparse(node)
	except (RecursionError, ValueError, AttributeError):
		return type(node).__name__


def _short(text: str) -> str:
	return text if len(text) <= 200 else f"{text[:199]}…"
