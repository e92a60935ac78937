"""Which places keep somebody out, by the source of permissions, reviews and acceptance; and the same source with a question
before each of them (guards.py).

A guard is a statement that refuses (raise, frappe.throw), a call that may (refuse_…, check_…), what a hook of permissions or a
list condition answers, a rule of what is hidden, a hook that takes something out of what is on its way.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUARDED = {
	"permissions": "ops_delivery/permissions/*.py",
	"reviews": "ops_delivery/services/reviews/*.py",
	"acceptance": "ops_delivery/services/requests/acceptance*.py",
}
REFUSES = re.compile(r"^_?(refuse|check|guard|ask|require)(_|$)|^only_for$")
# what these answer is whether somebody may: by name, where the annotation is one of a truth
MAY = re.compile(
	r"^_?(may_\w+|(\w+_)?permission|has_(website_)?permission|\w+_on_website|is_own|is_theirs|holds_role|asked_for"
	r"|decidable|is_signable|is_open|is_known|for_customer)$"
)
# and these whether something is kept from somebody
HIDES = re.compile(
	r"^_?(is_hidden|names_hidden|is_stored_hidden|address_is_hidden|has_left|belongs_elsewhere|has_no_desk"
	r"|is_closed|is_detour|withholds|by_our_roles_alone|guards_mail_about|hidden_from|hidden)$"
)
CONDITION = re.compile(r"^(\w+_)?query$|^_by_reference$|^own_rows$|^staff_only$")
# conditions of the query builder: everything is seen that has a name
CRITERION = re.compile(r"^(\w+_)?visible$")
# hooks that take something out of what is on its way: without them it stays as it came
TAKES_OUT = frozenset(
	{"guard_mail", "guard_bell", "keep_off_timelines", "keep_private", "without_counts", "without_hidden_counts", "readable", "blank"}
)  # fmt: skip


@dataclass(frozen=True)
class Guard:
	name: str  # permissions/ownership.py may_see #2
	kind: str  # statement, call, may, hides, condition, criterion, takes out
	line: int
	text: str

	def __str__(self) -> str:
		return f"{self.name} (line {self.line}): {self.text}"


class Finder(ast.NodeTransformer):
	"""Puts a question before each guard of a module: `_ops_is_off(number)` or `_ops_answer(number, value)`."""

	def __init__(self, path: str):
		self.path, self.function, self.guards = path, None, []
		self.counts: Counter[str] = Counter()

	def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
		outer = self.function
		self.function = node
		self.generic_visit(node)
		if node.name in TAKES_OUT:
			first = node.args.args[0].arg
			at = 1 if ast.get_docstring(node) and len(node.body) > 1 else 0
			test = self._question("_ops_is_off", "takes out", node, f"{node.name}({first}, …)")
			node.body.insert(at, ast.If(test, [ast.Return(ast.Name(first, ast.Load()))], []))
		self.function = outer
		return node

	def visit_Raise(self, node: ast.Raise) -> ast.AST:
		return self._statement(node) if self.function and node.exc else node

	def visit_Expr(self, node: ast.Expr) -> ast.AST:
		if not self.function or not isinstance(node.value, ast.Call):
			return node
		called = node.value.func
		name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
		throws = any(word.arg == "throw" and getattr(word.value, "value", None) for word in node.value.keywords)
		if name == "throw":
			return self._statement(node)
		return self._call(node) if REFUSES.match(name) or name == "check_permission" or throws else node

	def visit_Return(self, node: ast.Return) -> ast.AST:
		kind = node.value and self._kind_of_answer()
		if not kind or _is_open(kind, node.value):
			return node
		node.value = ast.Call(
			ast.Name("_ops_answer", ast.Load()),
			[ast.Constant(self._add(kind, node, ast.unparse(node))), node.value, self._first_argument()],
			[],
		)
		return node

	def _kind_of_answer(self) -> str | None:
		name, returns = self.function.name, ast.unparse(self.function.returns) if self.function.returns else ""
		if returns.startswith("bool") and MAY.match(name):
			return "may: no objection" if returns == "bool | None" else "may"
		if HIDES.match(name):
			return "hides"
		if returns == "str" and CONDITION.match(name):
			return "condition"
		return "criterion" if CRITERION.match(name) and not returns else None

	def _first_argument(self) -> ast.AST:
		arguments = self.function.args.args
		return ast.Name(arguments[0].arg, ast.Load()) if arguments else ast.Constant(None)

	def _statement(self, node: ast.stmt) -> ast.AST:
		test = self._question("_ops_is_off", "statement", node, ast.unparse(node))
		return ast.If(test, [ast.Pass()], [node])

	def _call(self, node: ast.Expr) -> ast.AST:
		"""Of a call it is not known whether it refuses before it does."""
		test = self._question("_ops_is_off", "call", node, ast.unparse(node))
		handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [ast.If(test, [ast.Pass()], [ast.Raise()])])
		return ast.Try([node], [handler], [], [])

	def _question(self, asked: str, kind: str, node: ast.AST, text: str) -> ast.Call:
		return ast.Call(ast.Name(asked, ast.Load()), [ast.Constant(self._add(kind, node, text))], [])

	def _add(self, kind: str, node: ast.AST, text: str) -> str:
		self.counts[self.function.name] += 1
		name = f"{self.path} {self.function.name} #{self.counts[self.function.name]}"
		text = " ".join(text.split())
		self.guards.append(Guard(name, kind, node.lineno, text if len(text) < 100 else text[:99] + "…"))
		return name


def _is_open(kind: str, value: ast.expr) -> bool:
	"""Whether what stands behind `return` lets everything through as it is."""
	if isinstance(value, ast.Constant):
		closed = {"hides": True, "condition": "1=0"}.get(kind, False)
		return value.value != closed
	if isinstance(value, ast.Name):
		return value.id == "NO_OBJECTION"
	return isinstance(value, ast.Dict) and not value.keys


def asked_source(path: Path, tree: ast.Module) -> tuple[ast.Module, list[Guard]]:
	"""A module with its questions, and its guards: none where it is not among those that are asked."""
	if not any(path.match(glob) for glob in GUARDED.values()):
		return tree, []
	finder = Finder(str(path.relative_to(ROOT / "ops_delivery")).removeprefix("services/"))
	return finder.visit(tree), finder.guards


def read(parts: list[str]) -> Iterator[Guard]:
	"""The guards of these parts, module by module."""
	for part in parts:
		for path in sorted(ROOT.glob(GUARDED[part])):
			yield from asked_source(path, ast.parse(path.read_text()))[1]
