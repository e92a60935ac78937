"""A condition on the columns of a log (`--where`): which tickets are looked at."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from ops_delivery.replay.errors import InputError, quote

HOW = (
	'write for instance state != "Cancelled", `Ticket type` in ("Incident", "Fault") and not priority == "5"'
)
Row = Sequence[str]
Give = Callable[[Row], Any]
_COMPARE = {
	ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
	ast.GtE: operator.ge,
}  # fmt: skip


def condition(text: str, position: Callable[[str], int], source: str = "--where") -> Callable[[Row], bool]:
	"""The condition as a question to a row. Columns go by their name (in backquotes, where it is no single word).

	`==` `!=` `in` `not in` compare texts without regard to blanks around them, `<` `<=` `>` `>=` numbers where both are
	such and else texts; `"part" in column` asks for a part. InputError for anything else, and for a column there is none of.
	"""
	names: list[str] = []

	def named(match: re.Match[str]) -> str:
		names.append(match[1])
		return f"_column_{len(names) - 1}_"

	def column(name: str) -> Give:
		known = re.fullmatch(r"_column_(\d+)_", name)
		index = position(names[int(known[1])] if known else name)
		return lambda row: row[index].strip()

	def give(node: ast.expr) -> Give:
		if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float)):
			value = str(node.value)
			return lambda row: value
		if isinstance(node, ast.Name):
			return column(node.id)
		if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
			items = [give(item) for item in node.elts]
			return lambda row: [item(row) for item in items]
		if isinstance(node, ast.BoolOp):
			parts = [give(part) for part in node.values]
			every = isinstance(node.op, ast.And)
			return lambda row: all(part(row) for part in parts) if every else any(part(row) for part in parts)
		if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
			inner = give(node.operand)
			return lambda row: not inner(row)
		if isinstance(node, ast.Compare) and len(node.ops) == 1:
			return _comparison(give(node.left), node.ops[0], give(node.comparators[0]))
		raise InputError(source, f"{quote(ast.unparse(node))} cannot be asked here; {HOW}")

	try:
		tree = ast.parse(re.sub(r"`([^`]+)`", named, text.strip()), mode="eval")
	except (SyntaxError, ValueError, RecursionError):
		raise InputError(source, f"{quote(text)} is no condition; {HOW}")
	ask = give(tree.body)
	return lambda row: bool(ask(row))


def _comparison(left: Give, sign: ast.cmpop, right: Give) -> Give:
	if isinstance(sign, ast.In):
		return lambda row: left(row) in right(row)
	if isinstance(sign, ast.NotIn):
		return lambda row: left(row) not in right(row)
	compare = _COMPARE.get(type(sign))
	if compare is None:
		raise InputError("--where", f"{type(sign).__name__} cannot be asked here; {HOW}")
	if isinstance(sign, (ast.Eq, ast.NotEq)):
		return lambda row: compare(left(row), right(row))
	return lambda row: compare(*_alike(left(row), right(row)))


def _alike(one: str, other: str) -> tuple[Any, Any]:
	try:
		return float(one), float(other)
	except (TypeError, ValueError):
		return str(one), str(other)
