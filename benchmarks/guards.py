"""Whether the tests on a site notice when a guard is gone: each refusal is switched off in turn, and tests are run without it.

    BENCH_PATH=BENCH python benchmarks/guards.py [--of permissions …] [--guard TEXT] [--tests test_x.py …] [--list]

A guard is a place that keeps somebody out: a statement that refuses (raise, frappe.throw, a call of refuse_… or check_…), what a
hook of permissions or a list condition answers, a rule of what is hidden. First each file of tests is run once as it is, and it
is noted which test came to which refusal (kept in artifacts/guards.json until the file or the guards change). Then each
guard lets everything through, and the tests that came to it are run, the quickest first: one that fails has noticed.
Reported are the guards that no test comes to, and those that are gone without any test failing. Exit status 1 if there
is one. Nothing is written into the source: a process with Frappe loaded is forked, and the guard changed in the fork alone.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "artifacts" / "guards.json"
SITE_TESTS = ROOT / "tests/site"
GUARDED = {
	"permissions": "ops_delivery/permissions/*.py",
	"reviews": "ops_delivery/services/reviews/*.py",
	"acceptance": "ops_delivery/services/requests/acceptance*.py",
}
# which files of tests come to them; a guard that they do not come to may still be known to another one
TESTS = (
	"acceptance", "access_table", "chain", "complaint_intake", "complaint_pages", "complaint_privacy", "complaints",
	"doors", "doors_accused", "endpoints", "evidence", "field_types", "guarded_records", "guest_permissions",
	"imports", "improvements", "isolation", "link_pages", "membership", "mail_threads", "own_fields", "ownership",
	"papers_for_customers", "people_who_left", "portal", "portal_request", "print_readers", "reach", "record_search",
	"report_levels", "review_clocks", "review_pages", "review_signatures", "reviews", "rule_changes", "signed_link",
	"staff_answers", "stand_ins", "steps", "survey_anonymity", "surveys", "uploads", "visit_records",
	"visits_ways_in", "ways_in", "whose", "consulting", "optimization", "reviews_ways_in",
)  # fmt: skip
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
AT_ONCE, LONGEST = 8, 240


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

	def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
		if self.function:
			return node  # one within another is made while the module is imported, before anything can be switched
		self.function, self.count = node, 0
		self.generic_visit(node)
		if node.name in TAKES_OUT:
			first = node.args.args[0].arg
			at = 1 if ast.get_docstring(node) and len(node.body) > 1 else 0
			test = self._question("_ops_is_off", "takes out", node, f"{node.name}({first}, …)")
			node.body.insert(at, ast.If(test, [ast.Return(ast.Name(first, ast.Load()))], []))
		self.function = None
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
		self.count += 1
		name = f"{self.path} {self.function.name} #{self.count}"
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


def read(parts: list[str]) -> Iterator[tuple[str, ast.Module, list[Guard]]]:
	"""(dotted name, the module with its questions, its guards) of each module that has any."""
	for part in parts:
		for path in sorted(ROOT.glob(GUARDED[part])):
			inside = path.relative_to(ROOT / "ops_delivery")
			finder = Finder(str(inside).removeprefix("services/"))
			tree = ast.fix_missing_locations(finder.visit(ast.parse(path.read_text())))
			if finder.guards:
				yield "ops_delivery." + ".".join(inside.with_suffix("").parts), tree, finder.guards


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--of", action="append", choices=GUARDED, help="only these")
	parser.add_argument("--guard", action="append", help="only guards whose name has this in it")
	parser.add_argument("--tests", nargs="+", help="files of tests/site, instead of those the script names")
	parser.add_argument("--list", action="store_true", help="name the guards and do nothing")
	parser.add_argument("--record", action="store_true", help="note which test comes to which guard, and switch nothing")
	args = parser.parse_args()
	if args.list:
		for _module, _tree, guards in read(args.of or list(GUARDED)):
			print(*guards, sep="\n")
		return 0
	if "OPS_GUARDS" in os.environ:
		return Inside(args).run()
	sys.path.insert(0, str(ROOT / "tools"))
	from bench import find_bench
	from parts import prepare, test_sites
	from services import private_redis

	bench = find_bench()
	with bench.lock(), private_redis(bench):
		prepare(bench, 1)
		inner = {**bench.env, "OPS_GUARDS": "1", "OPS_TEST_SITES": test_sites(1)[0]}
		command = [str(bench.python), str(Path(__file__).resolve()), *sys.argv[1:]]
		return subprocess.run(command, cwd=bench.sites, env=inner, stdin=subprocess.DEVNULL).returncode


class Inside:
	"""The part that runs with the bench's Python, from its sites/ folder."""

	def __init__(self, args: argparse.Namespace):
		self.args, self.off, self.test = args, None, ""
		self.reached: dict[str, set[str]] = {}
		self.seconds: dict[str, float] = {}
		self.open_answers: dict[str, Any] = {}
		self.modules = list(read(list(GUARDED)))
		self.guards = {guard.name: guard for _name, _tree, guards in self.modules for guard in guards}
		self.sources = _digest(*(path for glob in GUARDED.values() for path in ROOT.glob(glob)))

	def run(self) -> int:
		import hypothesis
		import pytest

		self.put_questions()
		known = self.recorded()
		if self.args.record:
			return 0
		wanted = [
			guard
			for guard in self.guards.values()
			if (not self.args.of or any(_is_of(guard, part) for part in self.args.of))
			and (not self.args.guard or any(text in guard.name for text in self.args.guard))
		]
		unknown, unnoticed = [], []
		for guard in wanted:
			tests = self.tests_of(guard, known)
			if not tests:
				unknown.append(guard)
				print(f"no test   {guard}", flush=True)
				continue
			by = self.noticed_by(guard, tests)
			if not by:
				unnoticed.append(guard)
			print(f"{'noticed' if by else 'UNNOTICED'} {guard} | {by or f'{len(tests)} tests'}", flush=True)
		switched = len(wanted) - len(unknown)
		print(
			f"\n{len(wanted)} guards: {switched} switched off in turn, {switched - len(unnoticed)} noticed;"
			f" {len(unnoticed)} unnoticed, {len(unknown)} that no test of {len(known)} files came to"
		)
		return int(bool(unknown or unnoticed))

	def put_questions(self) -> None:
		"""Give the functions code that asks; the functions stay the same objects, wherever they were imported to."""
		import importlib
		import inspect
		import types

		from ops_delivery.framework import NO_OBJECTION

		self.open_answers = {"may": True, "may: no objection": NO_OBJECTION, "hides": False, "condition": ""}
		for name, tree, _guards in self.modules:
			module = importlib.import_module(name)
			module._ops_is_off, module._ops_answer = self.is_off, self.answer
			compiled = compile(tree, module.__file__, "exec")
			codes = {code.co_name: code for code in compiled.co_consts if isinstance(code, types.CodeType)}
			for function in vars(module).values():
				with contextlib.suppress(ValueError, TypeError):
					function = inspect.unwrap(function)
				if inspect.isfunction(function) and function.__module__ == name and function.__name__ in codes:
					if function.__closure__ is None:
						function.__code__ = codes[function.__name__]

	def is_off(self, guard: str) -> bool:
		self.reached.setdefault(guard, set()).add(self.test)
		return guard == self.off

	def answer(self, guard: str, value: Any, first: Any) -> Any:
		kind = self.guards[guard].kind
		if kind == "criterion":
			self.reached.setdefault(guard, set()).add(self.test)
			return first.name.isnotnull() if guard == self.off else value
		is_closed = bool(value) if kind in ("hides", "condition") else value is False or value == 0
		if not is_closed:
			return value
		self.reached.setdefault(guard, set()).add(self.test)
		if guard != self.off:
			return value
		return type(value)() if kind == "hides" else self.open_answers[kind]

	def recorded(self) -> dict[str, dict]:
		"""By file of tests: which of its tests came to which guard, and how long each took."""
		known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
		chosen = self.args.tests or [f"test_{name}.py" for name in TESTS]
		for name in chosen:
			digest = self.sources + _digest(SITE_TESTS / name)
			if known.get(name, {}).get("digest") == digest:
				continue
			began = time.monotonic()
			code, found = self.forked([str(SITE_TESTS / name)], ["-m", "not security"])
			if code:
				print(f"{name}: fails as it is ({code}), so it is left out: {found.get('failed')}", flush=True)
				continue
			known[name] = {"digest": digest, "reached": found["reached"], "seconds": found["seconds"]}
			KEPT.parent.mkdir(exist_ok=True)
			KEPT.write_text(json.dumps(known))
			print(f"{name}: {len(found['reached'])} guards, {time.monotonic() - began:.0f} s", flush=True)
		return {name: known[name] for name in chosen if name in known}

	def tests_of(self, guard: Guard, known: dict[str, dict]) -> list[str]:
		"""The tests that came to a guard: those of files that name its module first, then the quickest."""
		module = Path(guard.name.split()[0]).stem
		order = {}
		for name, found in known.items():
			names_it = bool(re.search(rf"\b{module}\b", (SITE_TESTS / name).read_text()))
			for test in found["reached"].get(guard.name, ()):
				order[test] = (not names_it, found["seconds"].get(test, 0))
		return sorted(order, key=order.get)

	def noticed_by(self, guard: Guard, tests: list[str]) -> str | None:
		self.off, at_once = guard.name, AT_ONCE
		try:
			while tests:
				chosen, tests = tests[:at_once], tests[at_once:]
				at_once *= 2
				code, found = self.forked([str(ROOT / test) for test in chosen], ["-x"])
				if code:
					return f"{found.get('failed') or 'cut off'}"
		finally:
			self.off = None
		return None

	def forked(self, paths: list[str], options: list[str]) -> tuple[int, dict]:
		"""The exit code of pytest in a process of its own, and what it noted."""
		import pytest

		reading, writing = os.pipe()
		child = os.fork()
		if not child:
			os.close(reading)
			code = 99
			with open(os.devnull, "w") as nowhere:
				os.dup2(nowhere.fileno(), 1)
				os.dup2(nowhere.fileno(), 2)
			try:
				import signal

				signal.alarm(0 if self.off is None else LONGEST)
				common = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q", "-p", "no:cacheprovider", "--tb=line"]
				code = int(pytest.main([*common, *options, *paths], plugins=[Notes(self)]))
			finally:
				with os.fdopen(writing, "w") as out:
					json.dump(
						{
							"reached": {name: sorted(tests) for name, tests in self.reached.items()},
							"seconds": self.seconds,
							"failed": getattr(self, "failed", None),
						},
						out,
					)
				os._exit(code)
		os.close(writing)
		with os.fdopen(reading) as said:
			text = said.read()
		_pid, status = os.waitpid(child, 0)
		return os.waitstatus_to_exitcode(status), json.loads(text) if text else {}


class Notes:
	"""A plugin of pytest: which test is running, how long each took, and the first that failed."""

	def __init__(self, inside: Inside):
		self.inside = inside

	def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
		self.inside.test = nodeid

	def pytest_runtest_logreport(self, report: Any) -> None:
		seconds = self.inside.seconds
		seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
		if report.failed and not hasattr(self.inside, "failed"):
			said = str(report.longrepr).strip().splitlines()
			self.inside.failed = f"{report.nodeid} ({said[-1][:140] if said else report.when})"


def _is_of(guard: Guard, part: str) -> bool:
	inside = GUARDED[part].removeprefix("ops_delivery/").removeprefix("services/").removesuffix("*.py")
	return guard.name.startswith(inside)


def _digest(*paths: Path) -> str:
	return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]


if __name__ == "__main__":
	sys.exit(main())
