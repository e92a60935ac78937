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
ReadTime = Callable[[str], "int | None"]
_COMPARE = {
	ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
	ast.GtE: operator.ge,
}  # fmt: skip


def no_times(index: int) -> ReadTime | None:
	"""For a table of which no column holds times."""
	return None


def condition(
	text: str,
	position: Callable[[str], int],
	source: str = "--where",
	times: Callable[[int], ReadTime | None] = no_times,
) -> Callable[[Row], bool]:
	"""The condition as a question to a row. Columns go by their name (in backquotes, where it is no single word).

	`==` `!=` `in` `not in` compare texts without regard to blanks around them; `<` `<=` `>` `>=` times where `times` gives what
	reads those of the column, numbers where both are such, and else texts; `"part" in column` asks for a part. InputError for
	anything else, for what asks no column, and for a column there is none of.
	"""
	names: list[str] = []

	def named(match: re.Match[str]) -> str:
		names.append(match[1])
		return f"_column_{len(names) - 1}_"

	def shown(node: ast.expr) -> str:
		return re.sub(r"_column_(\d+)_", lambda match: names[int(match[1])], ast.unparse(node))

	def refuse(node: ast.expr) -> InputError:
		return InputError(source, f"{quote(shown(node))} cannot be asked here; {HOW}")

	def index_of(node: ast.Name) -> int:
		known = re.fullmatch(r"_column_(\d+)_", node.id)
		return position(names[int(known[1])] if known else node.id)

	def value(node: ast.expr) -> Give:
		if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float)):
			said = str(node.value)
			return lambda row: said
		if isinstance(node, ast.Name):
			index = index_of(node)
			return lambda row: row[index].strip()
		raise refuse(node)

	def held_in(left: ast.expr, right: ast.expr) -> Give:
		if isinstance(right, ast.Name):
			part, whole = value(left), value(right)
			return lambda row: part(row) in whole(row)
		# ("High") is one text in brackets, of which nobody means a part
		items = [value(item) for item in getattr(right, "elts", [right])]
		one = value(left)
		return lambda row: any(one(row) == item(row) for item in items)

	def ordered(left: ast.expr, compare: Callable[[Any, Any], bool], right: ast.expr) -> Give:
		one, other = value(left), value(right)
		columns = [node for node in (left, right) if isinstance(node, ast.Name)]
		read = next((found for node in columns if (found := times(index_of(node)))), None)
		if not read:
			return lambda row: compare(*_alike(one(row), other(row)))
		for node in (left, right):
			if isinstance(node, ast.Constant) and read(str(node.value)) is None:
				raise InputError(
					source,
					f"{quote(node.value)} is no time to compare {shown(columns[0])} with; write it as the log does, "
					"or as 2025-06-30 (its beginning) or 2025-06-30T18:00",
				)

		def ask(row: Row) -> bool:
			first, second = read(one(row)), read(other(row))
			return first is not None and second is not None and compare(first, second)

		return ask

	def asked(node: ast.expr) -> Give:
		if isinstance(node, ast.BoolOp):
			parts = [asked(part) for part in node.values]
			every = isinstance(node.op, ast.And)
			return lambda row: all(part(row) for part in parts) if every else any(part(row) for part in parts)
		if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
			inner = asked(node.operand)
			return lambda row: not inner(row)
		if isinstance(node, ast.Name):
			return value(node)
		if not isinstance(node, ast.Compare) or len(node.ops) != 1:
			raise refuse(node)
		left, sign, right = node.left, node.ops[0], node.comparators[0]
		if not any(isinstance(part, ast.Name) for part in ast.walk(node)):
			raise refuse(node)
		if isinstance(sign, (ast.In, ast.NotIn)):
			within = held_in(left, right)
			return within if isinstance(sign, ast.In) else lambda row: not within(row)
		compare = _COMPARE.get(type(sign))
		if compare is None:
			raise refuse(node)
		if isinstance(sign, (ast.Eq, ast.NotEq)):
			one, other = value(left), value(right)
			return lambda row: compare(one(row), other(row))
		return ordered(left, compare, right)

	try:
		tree = ast.parse(re.sub(r"`([^`]+)`", named, text.strip()), mode="eval")
	except (SyntaxError, ValueError, RecursionError):
		raise InputError(source, f"{quote(text)} is no condition; {HOW}")
	ask = asked(tree.body)
	return lambda row: bool(ask(row))


def _alike(one: str, other: str) -> tuple[Any, Any]:
	try:
		return float(one), float(other)
	except ValueError:
		return one, other
