"""Our modules, loaded with a probe before each statement (which lines ran) and a question before each guard (guard_places.py).

Nothing is written: the source is changed on its way into the process, with the line numbers it has. A probe is one store into
an array, so that a recording takes about as long as the tests alone.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any

from guard_places import ROOT, asked_source

LINES: dict[str, bytearray] = {}  # by path within the app's folder: 1 for each line that ran


class Probes(ast.NodeTransformer):
	"""Puts `_ops_lines[number] = 1` before each statement."""

	def generic_visit(self, node: ast.AST) -> ast.AST:
		super().generic_visit(node)
		for field in ("body", "orelse", "finalbody"):
			block = getattr(node, field, None)
			if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
				setattr(node, field, self._probed(node, field, block))
		return node

	def _probed(self, node: ast.AST, field: str, block: list[ast.stmt]) -> list[ast.stmt]:
		found: list[ast.stmt] = []
		if field == "body" and isinstance(node, ast.ExceptHandler):
			found.append(_probe(node.lineno, node))
		if field == "body" and isinstance(node, ast.match_case):
			found.append(_probe(node.pattern.lineno, block[0]))
		head = 0  # a docstring and `from __future__` stay first
		while head < len(block) and ((head == 0 and _is_text(block[0])) or _is_future(block[head])):
			head += 1
		found = [*block[:head], *(_probe(statement.lineno, statement) for statement in block[:head]), *found]
		for statement in block[head:]:
			lines = [decorator.lineno for decorator in getattr(statement, "decorator_list", ())] + [statement.lineno]
			found += [*(_probe(line, statement) for line in lines), statement]
		return found


def _is_text(statement: ast.stmt) -> bool:
	return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_future(statement: ast.stmt) -> bool:
	return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _probe(line: int, beside: ast.AST) -> ast.stmt:
	target = ast.Subscript(ast.Name("_ops_lines", ast.Load()), ast.Constant(line), ast.Store())
	return ast.fix_missing_locations(ast.copy_location(ast.Assign([target], ast.Constant(1)), beside))


class Loader(SourceFileLoader):
	names: dict[str, Any]

	def get_code(self, fullname: str) -> Any:
		path = Path(self.path)
		tree = asked_source(path, Probes().visit(ast.parse(path.read_text())))[0]
		return compile(ast.fix_missing_locations(tree), self.path, "exec")

	def exec_module(self, module: Any) -> None:
		path = Path(self.path)
		count = path.read_bytes().count(b"\n") + 2
		lines = LINES.setdefault(str(path.relative_to(ROOT)), bytearray(count))
		vars(module).update(self.names, _ops_lines=lines)
		super().exec_module(module)


class Finder:
	"""Before the finders of Python: our modules come by our loader."""

	def __init__(self, names: dict[str, Any]):
		self.names = names

	def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
		if name.partition(".")[0] != "ops_delivery":
			return None
		spec = PathFinder.find_spec(name, path)
		if spec and spec.origin and spec.origin.startswith(f"{ROOT}/") and isinstance(spec.loader, SourceFileLoader):
			spec.loader = Loader(name, spec.origin)
			spec.loader.names = self.names
		return spec


def load_all(is_off: Callable[[str], bool], answer: Callable[[str, Any, Any], Any]) -> None:
	"""Import what the app consists of, with these two to answer the questions."""
	sys.meta_path.insert(0, Finder({"_ops_is_off": is_off, "_ops_answer": answer}))
	app = importlib.import_module("ops_delivery")
	for folder in ("permissions", "services", "api", "domain", "setup", "printing"):
		package = importlib.import_module(f"ops_delivery.{folder}")
		for found in pkgutil.walk_packages(package.__path__, f"ops_delivery.{folder}."):
			importlib.import_module(found.name)
	assert app.__file__ and app.__file__.startswith(f"{ROOT}/"), f"another checkout is on the bench: {app.__file__}"


def lines_that_ran() -> dict[str, list[int]]:
	return {path: [line for line, ran in enumerate(lines) if ran] for path, lines in LINES.items()}
