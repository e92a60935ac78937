"""Reading a condition: closures of its parts, and a refusal of whatever it may not use (clause 6.3.b)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from ops_delivery.domain.condition_run import (
	BINARY,
	COMPARE,
	FUNCTIONS,
	LARGEST,
	METHODS,
	MOST_DIGITS,
	NAMES,
	OVER_ROWS,
	TEXTS,
	UNARY,
	Give,
	Run,
	calculated,
	called_method,
	checked,
	kept_small,
	number,
	part_of,
	plain,
	size,
	too_costly,
)
from ops_delivery.domain.condition_text import short, written
from ops_delivery.domain.errors import DomainError

DEEPEST = 60  # parts within parts


class Reader:
	"""Makes closures of an expression's parts, and refuses what is not allowed. `local`: names of rows around it."""

	def __init__(self, text: str, given: frozenset[str]):
		self.text, self.given, self.called = text, given, set()

	def read(self, node: ast.AST, local: frozenset[str], depth: int) -> Give:
		if depth > DEEPEST:
			raise self._refused(node)
		give = self._read(node, local, depth + 1)

		def counted(run: Run) -> Any:
			run.left -= 1
			if run.left < 0:
				raise too_costly(run.text)
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
				return lambda run: part_of(of(run), name)
			case ast.Subscript():
				return self._item(node, local, depth)
			case ast.BoolOp(op=op, values=values):
				return self._joined(isinstance(op, ast.Or), [self.read(one, local, depth) for one in values])
			case ast.UnaryOp(op=op) if type(op) in UNARY:
				act, operand = UNARY[type(op)], self.read(node.operand, local, depth)
				return lambda run: act(operand(run))
			case ast.BinOp(op=op) if type(op) in BINARY:
				kind = type(op)
				left, right = self.read(node.left, local, depth), self.read(node.right, local, depth)
				return lambda run: calculated(kind, left(run), right(run), run)
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
				return lambda run: kept_small(list(rows(run)), run)
			case ast.Call():
				return self._call(node, local, depth)
		raise self._refused(node)

	def _joined(self, wanted: bool, parts: list[Give]) -> Give:
		def joined(run: Run) -> Any:
			for part in parts:
				value = part(run)
				if bool(value) is wanted:
					return value
			return value

		return joined

	def _compared(self, node: ast.Compare, local: frozenset[str], depth: int) -> Give:
		if not all(type(op) in COMPARE for op in node.ops):
			raise self._refused(node)
		first = self.read(node.left, local, depth)
		others = [
			(COMPARE[type(op)], self.read(part, local, depth))
			for op, part in zip(node.ops, node.comparators, strict=True)
		]

		def compared(run: Run) -> bool:
			left = first(run)
			for act, part in others:
				right = part(run)
				run.left -= size(left) + size(right)
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

			def cut(run: Run) -> Any:
				value = of(run)
				if not isinstance(value, TEXTS):
					raise TypeError(f"a value of type '{type(value).__name__}' cannot be cut")
				run.step(size(value))
				return value[slice(*(bound(run) for bound in bounds))]

			return cut
		key = self.read(node.slice, local, depth)

		def item(run: Run) -> Any:
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

		def rows(run: Run) -> Iterator[Any]:
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
		return lambda run: kept_small(
			called_method(of(run), name, [one(run) for one in arguments], run), run
		)

	def _own(self, node: ast.Call, name: str, local: frozenset[str], depth: int) -> Give:
		if node.keywords:
			raise self._refused(node)
		function = FUNCTIONS[name]
		match node.args:
			case [ast.GeneratorExp() as of_rows] if name in OVER_ROWS:
				rows = self._rows(of_rows, local, depth)
				return lambda run: kept_small(function(self._added(rows(run), name)), run)
		arguments = [self.read(one, local, depth) for one in node.args]

		def call(run: Run) -> Any:
			values = [one(run) for one in arguments]
			for value in values:
				run.step(size(value))
			if name == "round" and len(values) > 1 and abs(values[1]) > MOST_DIGITS:
				raise too_costly(run.text)
			if name == "sum" and values:
				values[0] = list(self._added(values[0], name))
			return kept_small(function(*values), run)

		return call

	@staticmethod
	def _added(values: Any, name: str) -> Any:
		"""What is summed are numbers or spans of time: lists would grow with every one of them."""
		if name != "sum":
			return values
		return (number(value) for value in values)

	def _given(self, run: Run, name: str, arguments: list[Give], named: dict[str, Give]) -> Any:
		values = [checked(one(run), run) for one in arguments]
		options = {key: checked(one(run), run) for key, one in named.items()}
		run.step(20)
		return kept_small(plain(run.functions[name](*values, **options)), run)

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
			value=short(self.text),
			part=short(written(node)),
		)

	def _unknown(self, name: str) -> DomainError:
		return DomainError(
			"condition_unknown_name",
			"The condition {value} asks for {name}, which is not known here.",
			field="condition",
			value=short(self.text),
			name=short(name),
		)
