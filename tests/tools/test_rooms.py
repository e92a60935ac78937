"""The house: floors and rooms by import-linter's contracts (pyproject.toml), no circle, no import that dodges one.

Circles are looked for among what the syntax trees import and what is named by a dotted text (a job, say); what a hook
names is found by `frappe.get_hooks` and is exempt: services/reactions.py is the table of it.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "ops_delivery"
HOOKS = "ops_delivery.hooks"
# optional libraries and what only a person at a terminal asks for are imported where they are used
LATE = {"ops_delivery/commands.py", "ops_delivery/replay/cli.py"}


# lines of a file that is read at once; data and texts aside
LONGEST = 300
DATA = {
	"ops_delivery/hooks.py",
	"ops_delivery/custom_fields.py",
	"ops_delivery/setup/agreement_templates.py",
	"ops_delivery/setup/demo_desk/scenes.py",
	"ops_delivery/setup/notifications.py",
}


def name_of(path: Path) -> str:
	parts = path.relative_to(ROOT).with_suffix("").parts
	return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in APP.rglob("*.py") if "node_modules" not in path.parts}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def imported(node: ast.AST) -> list[str]:
	"""The modules of ours that an import names."""
	if isinstance(node, ast.Import):
		return [alias.name for alias in node.names if alias.name in MODULES]
	if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ops_delivery"):
		below = [f"{node.module}.{alias.name}" for alias in node.names]
		return [name if name in MODULES else node.module for name in below]
	return []


def named(text: str) -> str | None:
	"""The module that a dotted text begins with."""
	if not text.startswith("ops_delivery.") or not text.replace(".", "").replace("_", "").isalnum():
		return None
	parts = text.split(".")
	return next((one for k in range(len(parts), 1, -1) if (one := ".".join(parts[:k])) in MODULES), None)


def run_nodes(tree: ast.AST) -> Iterator[ast.AST]:
	"""The nodes of a tree but those that only a type checker reads."""
	for node in ast.iter_child_nodes(tree):
		if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
			continue
		yield node
		yield from run_nodes(node)


def uses(name: str) -> set[str]:
	found: set[str] = set()
	for node in run_nodes(TREES[name]):
		found.update(imported(node))
		if isinstance(node, ast.Constant) and isinstance(node.value, str) and (one := named(node.value)):
			found.add(one)
	return found - {name}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
	"""Strongly connected parts of more than one module (Tarjan)."""
	number: dict[str, int] = {}
	low: dict[str, int] = {}
	stack: list[str] = []
	found: list[list[str]] = []

	def visit(name: str) -> None:
		number[name] = low[name] = len(number)
		stack.append(name)
		for other in graph.get(name, ()):
			if other not in number:
				visit(other)
				low[name] = min(low[name], low[other])
			elif other in stack:
				low[name] = min(low[name], number[other])
		if low[name] == number[name]:
			part = [stack.pop()]
			while part[-1] != name:
				part.append(stack.pop())
			if len(part) > 1:
				found.append(sorted(part))

	limit = sys.getrecursionlimit()
	sys.setrecursionlimit(10_000)
	try:
		for name in graph:
			if name not in number:
				visit(name)
	finally:
		sys.setrecursionlimit(limit)
	return found


def test_no_modules_go_round_in_a_circle():
	graph = {name: uses(name) - {HOOKS} for name in MODULES if name != HOOKS}
	assert circles(graph) == []
	assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]], "the search finds one"


def test_no_import_of_ours_hides_inside_a_function():
	found = []
	for name, tree in TREES.items():
		path = MODULES[name].relative_to(ROOT).as_posix()
		functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
		for inner in (node for function in functions for node in ast.walk(function)):
			if imported(inner) and path not in LATE:
				found.append(f"{path}:{inner.lineno}")
	assert found == []


def test_the_contracts_hold():
	pytest.importorskip("importlinter")
	run = subprocess.run(
		[sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
		cwd=ROOT,
		capture_output=True,
		text=True,
	)
	assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
	assert "0 broken" in run.stdout


def test_each_room_says_what_it_is_for():
	rooms = [path for path in (APP / "services").iterdir() if path.is_dir() and path.name != "__pycache__"]
	bare = [path.name for path in rooms if not ast.get_docstring(ast.parse((path / "__init__.py").read_text("utf-8")))]
	assert rooms and bare == []


def test_no_file_grows_too_long_to_be_read_at_once():
	folders = [APP, ROOT / "benchmarks", ROOT / "tools"]
	files = [path for folder in folders for kind in ("*.py", "*.js") for path in folder.rglob(kind)]
	ours = [path for path in files if not {"node_modules", "dist"} & set(path.parts)]
	long = {path.relative_to(ROOT).as_posix() for path in ours if len(path.read_text("utf-8").splitlines()) > LONGEST}
	assert long - DATA == set(), "split it by meaning"
	assert DATA - long == set(), "no longer that long"
