"""What a condition asks of a record: the fields it names, and the values it compares them with.

Read from the text alone, so that a name mistyped is found before any record meets it. `rows of` a table are fields of that
table: in `any(row.qty > 1 for row in doc.items)` the field qty of items is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ops_delivery.domain import condition_text

RECORD = ""
EQUAL = (ast.Eq, ast.NotEq)
AMONG = (ast.In, ast.NotIn)


@dataclass(frozen=True)
class Asked:
	"""A field that a condition names: of the record, or of the rows of `table`; `value`: what it is compared with."""

	table: str
	field: str
	value: Any = None
	compared: bool = False


def asked(text: str) -> list[Asked]:
	"""The fields a condition names and the constants it compares them with, each once, in their order.

	DomainError condition_blank, condition_too_long, condition_syntax.
	"""
	return list(dict.fromkeys(_walk(condition_text.parsed(text).body, {"doc": RECORD, "old": RECORD})))


def _walk(node: ast.AST, scope: Mapping[str, str | None]) -> Iterator[Asked]:
	if isinstance(node, ast.ListComp | ast.GeneratorExp):
		yield from _rows(node, scope)
		return
	place = _field(node, scope)
	if place:
		yield Asked(*place)
	if isinstance(node, ast.Compare):
		yield from _compared(node, scope)
	for child in ast.iter_child_nodes(node):
		yield from _walk(child, scope)


def _rows(node: ast.ListComp | ast.GeneratorExp, scope: Mapping[str, str | None]) -> Iterator[Asked]:
	inside = dict(scope)
	for source in node.generators:
		yield from _walk(source.iter, inside)
		if isinstance(source.target, ast.Name):
			inside[source.target.id] = _table(source.iter, inside)
		for test in source.ifs:
			yield from _walk(test, inside)
	yield from _walk(node.elt, inside)


def _compared(node: ast.Compare, scope: Mapping[str, str | None]) -> Iterator[Asked]:
	left = node.left
	for op, right in zip(node.ops, node.comparators, strict=True):
		if isinstance(op, EQUAL):
			for one, other in ((left, right), (right, left)):
				place = _field(_first(one), scope)
				if place and isinstance(other, ast.Constant):
					yield Asked(*place, other.value, True)
		elif isinstance(op, AMONG) and isinstance(right, ast.Tuple | ast.List | ast.Set):
			place = _field(_first(left), scope)
			for entry in right.elts if place else ():
				if isinstance(entry, ast.Constant):
					yield Asked(*place, entry.value, True)
		left = right


def _first(node: ast.AST) -> ast.AST:
	"""`doc.x` of `(doc.x or "")`."""
	if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
		return node.values[0]
	return node


def _field(node: ast.AST, scope: Mapping[str, str | None]) -> tuple[str, str] | None:
	"""(table, field) of `doc.x`, `doc["x"]`, `doc.get("x")`; None for anything else."""
	if isinstance(node, ast.Attribute):
		of, name = node.value, node.attr
		if name == "get" and _record(of, scope) is not None:
			return None  # the method; what it is asked for stands in the call
	elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
		of, name = node.value, node.slice.value
	elif (
		isinstance(node, ast.Call)
		and isinstance(node.func, ast.Attribute)
		and node.func.attr == "get"
		and node.args
		and isinstance(node.args[0], ast.Constant)
	):
		of, name = node.func.value, node.args[0].value
	else:
		return None
	table = _record(of, scope)
	return (table, name) if table is not None and isinstance(name, str) else None


def _record(node: ast.AST, scope: Mapping[str, str | None]) -> str | None:
	"""Of which table a name or `doc.items[0]` is a row; "" for the record itself; None where nobody knows."""
	if isinstance(node, ast.Name):
		return scope.get(node.id)
	if isinstance(node, ast.Subscript) and not (
		isinstance(node.slice, ast.Slice)
		or (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))
	):
		return _table(node.value, scope)
	return None


def _table(node: ast.AST, scope: Mapping[str, str | None]) -> str | None:
	"""The table field that an expression gives the rows of: `doc.items`, `(doc.items or [])`, `doc.items[:3]`."""
	node = _first(node)
	if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
		node = node.value
	place = _field(node, scope)
	return place[1] if place and place[0] == RECORD else None
