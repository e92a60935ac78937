"""Whatever is asked of a module of ours is there: by an import, as `module.name`, in a hook's text, by a test's stand-in.

So a function that moves to another file leaves nobody behind who asks for it where it was, in no merge either.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("ops_delivery", "tests", "benchmarks", "tools")
DOTTED = re.compile(r"(?<![\w./])ops_delivery(?:\.[A-Za-z_]\w*)+")
STANDS_IN = ("setattr", "object", "delattr")


def name_of(path: Path) -> str:
	parts = path.relative_to(ROOT).with_suffix("").parts
	return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
	name_of(path): ast.parse(path.read_text("utf-8"))
	for folder in FOLDERS
	for path in (ROOT / folder).rglob("*.py")
	if "node_modules" not in path.parts
}
PACKAGES = {name.rpartition(".")[0] for name in MODULES}


def defined(body: list[ast.stmt]) -> set[str]:
	"""The names that statements give a module, those within if, try and with included."""
	found: set[str] = set()
	for node in body:
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
			found.add(node.name)
		elif isinstance(node, ast.Import | ast.ImportFrom):
			found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
		else:
			found |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
			for one in ast.walk(node):
				if isinstance(one, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
					found |= defined([one])
	return found


NAMES = {name: defined(tree.body) for name, tree in MODULES.items()}


def is_there(module: str, name: str) -> bool:
	whole = f"{module}.{name}"
	return name in NAMES.get(module, ()) or whole in MODULES or whole in PACKAGES or name.startswith("__")


SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def is_own(tree: ast.Module, name: str, node: ast.AST) -> bool:
	"""Whether a name that a node uses is a function's or comprehension's own around it, and not the module's."""
	around = [scope for scope in ast.walk(tree) if isinstance(scope, SCOPES) and any(one is node for one in ast.walk(scope))]
	return any(
		(isinstance(one, ast.arg) and one.arg == name)
		or (isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store))
		for scope in around
		for one in ast.walk(scope)
	)


def asked(node: ast.AST) -> tuple[str, str] | None:
	"""(what, name) of `what.name`, or of a name in whose place a test puts another."""
	if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
		return node.value.id, node.attr
	if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STANDS_IN and len(node.args) > 1:
		target, name = node.args[:2]
		if isinstance(target, ast.Name) and isinstance(name, ast.Constant):
			return target.id, str(name.value)
	return None


def missing(name: str, tree: ast.Module) -> Iterator[str]:
	modules: dict[str, str] = {}
	for node in ast.walk(tree):
		if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ops_delivery":
			for alias in node.names:
				if not is_there(node.module, alias.name):
					yield f"{name}:{node.lineno} {node.module}.{alias.name}"
				if f"{node.module}.{alias.name}" in MODULES:
					modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
	for node in ast.walk(tree):
		what, one = asked(node) or ("", "")
		module = modules.get(what)
		if module and not is_there(module, one) and not is_own(tree, what, node):
			yield f"{name}:{node.lineno} {module}.{one}"


def test_what_is_asked_of_a_module_is_there():
	assert [line for name, tree in MODULES.items() for line in missing(name, tree)] == []


def test_what_a_text_names_is_there():
	"""Hooks, jobs, whitelisted paths in scripts and DocTypes. Patches name what was."""
	wrong = []
	kinds = ("*.py", "*.js", "*.json", "*.html", "*.toml")
	for path in (path for kind in kinds for path in (ROOT / "ops_delivery").rglob(kind)):
		where = path.relative_to(ROOT).as_posix()
		if where.startswith("ops_delivery/patches/") or "node_modules" in path.parts or "dist" in path.parts:
			continue
		for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
			for text in DOTTED.findall(line):
				parts = text.split(".")
				if path.suffix == ".js" and parts[1] != "api":
					continue  # a name of the desk's
				known = next(k for k in range(len(parts), 0, -1) if ".".join(parts[:k]) in MODULES.keys() | PACKAGES)
				if known > 1 and known < len(parts) and not is_there(".".join(parts[:known]), parts[known]):
					wrong.append(f"{where}:{number} {text}")
	assert wrong == []


def test_the_search_finds_what_is_gone():
	tree = ast.parse("from ops_delivery.services.shared import locale\n\n\ndef f():\n\treturn locale.gone()\n")
	assert list(missing("x", tree)) == ["x:5 ops_delivery.services.shared.locale.gone"]
	hidden = ast.parse("from ops_delivery.services.shared import locale\n\n\ndef f(locale):\n\treturn locale.gone()\n")
	assert list(missing("x", hidden)) == []
