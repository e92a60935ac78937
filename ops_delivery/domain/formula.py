"""Formulas that administrators write: arithmetic over named figures, and nothing else (clause 5.2.g).

A formula is one expression: numbers, names, + - * / **, comparisons, and/or/not, `a if b else c`, and the functions
min, max, round and abs. Signs as people type them in Chinese (（）, ×, ÷, ≥, ≤) are understood too. Whatever else
Python could do is refused when the formula is read, so none can reach beyond the figures it is given.
"""

from __future__ import annotations

import ast
import math
import operator
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ops_delivery.domain.errors import DomainError

LONGEST = 1000
LARGEST_EXPONENT = 20
FUNCTIONS: Mapping[str, Callable[..., float]] = {"min": min, "max": max, "round": round, "abs": abs}
_SIGNS = str.maketrans({"×": "*", "÷": "/", "≥": ">=", "≤": "<=", "−": "-", "“": '"', "”": '"'})

_BINARY = {
	ast.Add: operator.add,
	ast.Sub: operator.sub,
	ast.Mult: operator.mul,
	ast.Div: operator.truediv,
	ast.Pow: operator.pow,
}
_COMPARE = {
	ast.Eq: operator.eq,
	ast.NotEq: operator.ne,
	ast.Lt: operator.lt,
	ast.LtE: operator.le,
	ast.Gt: operator.gt,
	ast.GtE: operator.ge,
}
_UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_}


def names(formula: str) -> frozenset[str]:
	"""The figures a formula asks for. DomainError formula_blank, formula_syntax, formula_not_allowed."""
	tree = _tree(formula)
	called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
	return frozenset(
		node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in called
	)


def check(formula: str, known: Mapping[str, Any] | frozenset[str]) -> None:
	"""Refuse a formula that cannot be read or asks for a figure that is not `known`."""
	for name in sorted(names(formula)):
		if name not in known:
			raise _unknown(formula, name, known)


def evaluate(formula: str, figures: Mapping[str, float | None]) -> float:
	"""The value of a formula; a comparison by itself counts 1 or 0.

	DomainError beside those of names(): formula_unknown_name, formula_no_value (a figure that is None here),
	formula_division_by_zero, formula_not_a_number. Each names the formula and, where it helps, the figures there are.
	"""
	tree = _tree(formula)
	try:
		value = float(_value(tree.body, figures, formula))
	except ZeroDivisionError:
		raise DomainError(
			"formula_division_by_zero", "The formula {value} divides by zero.", field="formula", value=formula
		) from None
	except (OverflowError, TypeError, ValueError) as error:
		if isinstance(error, DomainError):
			raise
		raise _not_a_number(formula) from None
	if not math.isfinite(value):
		raise _not_a_number(formula)
	return value


@lru_cache(maxsize=1024)
def _tree(formula: str) -> ast.Expression:
	text = unicodedata.normalize("NFKC", (formula or "").translate(_SIGNS)).strip()
	if not text:
		raise DomainError("formula_blank", "There is no formula.", field="formula", value="")
	if len(text) > LONGEST:
		raise DomainError(
			"formula_too_long",
			"The formula is longer than {limit} characters.",
			field="formula",
			limit=LONGEST,
		)
	try:
		# one expression may run over several lines
		tree = ast.parse(f"({text}\n)", mode="eval")
	except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
		raise DomainError(
			"formula_syntax",
			"The formula {value} cannot be read near position {position}.",
			field="formula",
			value=formula,
			position=max(1, (getattr(error, "offset", None) or 1) - 1),
		) from None
	_refuse_others(tree.body, formula)
	return tree


def _refuse_others(node: ast.AST, formula: str) -> None:
	match node:
		case ast.BinOp() if type(node.op) in _BINARY:
			parts = [node.left, node.right]
		case ast.UnaryOp() if type(node.op) in _UNARY:
			parts = [node.operand]
		case ast.BoolOp():
			parts = node.values
		case ast.Compare() if all(type(op) in _COMPARE for op in node.ops):
			parts = [node.left, *node.comparators]
		case ast.IfExp():
			parts = [node.test, node.body, node.orelse]
		case ast.Call() if (
			isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords
		):
			parts = node.args
		case ast.Constant() if isinstance(node.value, int | float) and not isinstance(node.value, complex):
			parts = []
		case ast.Name():
			parts = []
		case _:
			raise DomainError(
				"formula_not_allowed",
				"The formula {value} uses {part}, which is not possible here.",
				field="formula",
				value=formula,
				part=ast.unparse(node)[:60],
			)
	for part in parts:
		_refuse_others(part, formula)


def _value(node: ast.AST, figures: Mapping[str, float | None], formula: str) -> Any:
	match node:
		case ast.Constant():
			return node.value
		case ast.Name():
			return _figure(node.id, figures, formula)
		case ast.BinOp():
			left, right = _value(node.left, figures, formula), _value(node.right, figures, formula)
			if isinstance(node.op, ast.Pow) and abs(right) > LARGEST_EXPONENT:
				raise OverflowError
			return _BINARY[type(node.op)](float(left), float(right))
		case ast.UnaryOp():
			return _UNARY[type(node.op)](_value(node.operand, figures, formula))
		case ast.BoolOp():
			wanted = isinstance(node.op, ast.Or)
			for part in node.values:
				value = _value(part, figures, formula)
				if bool(value) is wanted:
					return value
			return value
		case ast.Compare():
			left = _value(node.left, figures, formula)
			for op, part in zip(node.ops, node.comparators, strict=True):
				right = _value(part, figures, formula)
				if not _COMPARE[type(op)](left, right):
					return False
				left = right
			return True
		case ast.IfExp():
			chosen = node.body if _value(node.test, figures, formula) else node.orelse
			return _value(chosen, figures, formula)
		case ast.Call():
			values = [float(_value(part, figures, formula)) for part in node.args]
			return _call(node.func.id, values, formula)
	raise AssertionError(node)


def _call(name: str, values: list[float], formula: str) -> float:
	least, most = {"abs": (1, 1), "round": (1, 2)}.get(name, (2, 100))
	if not least <= len(values) <= most:
		raise DomainError(
			"formula_not_allowed",
			"The formula {value} uses {part}, which is not possible here.",
			field="formula",
			value=formula,
			part=f"{name}(…) with {len(values)} values",
		)
	if name == "round":
		return round(values[0], int(values[1]) if len(values) == 2 else 0)
	return FUNCTIONS[name](*values)


def _figure(name: str, figures: Mapping[str, float | None], formula: str) -> float:
	if name not in figures:
		raise _unknown(formula, name, figures)
	value = figures[name]
	if value is None:
		raise DomainError(
			"formula_no_value",
			"The formula {value} needs {name}, which has no value here.",
			field="formula",
			value=formula,
			name=name,
		)
	return value


def _unknown(formula: str, name: str, known: Any) -> DomainError:
	return DomainError(
		"formula_unknown_name",
		"The formula {value} asks for {name}, which is not known. There are: {names}.",
		field="formula",
		value=formula,
		name=name,
		names=", ".join(sorted(known)),
	)


def _not_a_number(formula: str) -> DomainError:
	return DomainError(
		"formula_not_a_number", "The formula {value} gives no number.", field="formula", value=formula
	)
