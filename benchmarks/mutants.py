"""Whether the plain tests notice a fault in the domain: a seeded sample of mutants, and which of them lived.

    python benchmarks/mutants.py [--sample 400] [--seed 2026] [--module NAME …] [--goal 92] [--jobs 2]

Needs cosmic-ray beside the test tools (pip install cosmic-ray). A mutant is one change of one place: another operator, number,
condition, a decorator or an exception less. Every place has the same chance, whatever number of changes fits it, and a
change that leaves the same program (an annotation) is no mutant. The tests that import the mutated module run first, then those
that load it by way of others, of the domain and of the replay; the first that fails kills. Exit status 1 where fewer are killed than the goal says.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = Path("ops_delivery/domain")
LIVED = ROOT / "artifacts" / "mutants.json"
# A change that makes a loop endless is a change that is noticed: it is cut off after this many seconds of the processor.
TOO_LONG = 40
PYTEST = (
	"-x",
	"-q",
	"-n0",
	"-p",
	"no:cacheprovider",
	"-p",
	"no_shrinking",
	"--no-header",
	"--hypothesis-seed=0",
	"--tb=no",
)
# the smallest example of a failure is of no interest here, and to find it takes long
NO_SHRINKING = """from hypothesis import Phase, settings
settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
settings.load_profile("mutants")
"""


@dataclass(frozen=True)
class Mutant:
	module: Path  # beneath the root
	line: int
	operator: str
	before: str  # the whole module
	code: str  # the same, changed

	def difference(self) -> str:
		lines = difflib.unified_diff(self.before.splitlines(), self.code.splitlines(), lineterm="", n=0)
		return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--sample", type=int, default=400, help="how many mutants; 0: all")
	parser.add_argument("--seed", type=int, default=2026)
	parser.add_argument("--module", action="append", help="only these modules, by name: calendar, terms …")
	parser.add_argument("--goal", type=float, default=92, help="percent that must be killed")
	parser.add_argument("--jobs", type=int, default=max(1, len(os.sched_getaffinity(0))))
	parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
	parser.add_argument("--again", action="store_true", help="only those that lived last time, with the tests of today")
	args = parser.parse_args()
	if args.serve:
		return serve()
	mutants = sample(places(args.module), args.sample, random.Random(args.seed))
	every = len(mutants)
	drawn = hashlib.sha256("".join(mutant.code for mutant in mutants).encode()).hexdigest()
	if args.again:
		last = json.loads(LIVED.read_text())
		if last["drawn"] != drawn:
			sys.exit("The domain has changed since, so this is another sample: run it whole")
		mutants = [mutants[number] for number in last["lived"]]
	began = time.monotonic()
	lived = []
	for mutant in survivors(mutants, args.jobs):
		lived.append(mutant)
		print(f"\n{mutant.module}:{mutant.line} {mutant.operator}\n{mutant.difference()}", flush=True)
	killed, share = every - len(lived), 100 - 100 * len(lived) / every
	print(f"\n{killed} of {every} killed, {share:.1f} % (goal {args.goal:g}), {time.monotonic() - began:.0f} s")
	numbers = last["lived"] if args.again else range(every)
	LIVED.parent.mkdir(exist_ok=True)
	LIVED.write_text(
		json.dumps({"drawn": drawn, "lived": [n for n, m in zip(numbers, mutants, strict=True) if m in lived]})
	)
	return int(share < args.goal)


def places(modules: list[str] | None) -> list[list[tuple[Path, str, int, int]]]:
	"""What could be changed, by place: the changes (module, operator, occurrence, line) that fit one place of one kind."""
	from cosmic_ray import plugins
	from cosmic_ray.ast import get_ast_from_path

	found: dict[tuple, list[tuple[Path, str, int, int]]] = {}
	for path in sorted((ROOT / DOMAIN).glob("*.py")):
		if modules and path.stem not in modules:
			continue
		tree = get_ast_from_path(path)
		nodes = list(_nodes(tree))
		for name in sorted(plugins.operator_names()):
			if "Variable" in name:  # these two want to be told which variables
				continue
			operator, occurrence = plugins.get_operator(name)(), 0
			kind = name.split("_")[0]
			for node in nodes:
				for start, _end in operator.mutation_positions(node):
					change = (path.relative_to(ROOT), name, occurrence, start[0])
					found.setdefault((path.name, start, kind), []).append(change)
					occurrence += 1
	return list(found.values())


def _nodes(node) -> Iterator:
	yield node
	for child in getattr(node, "children", ()):
		yield from _nodes(child)


def sample(found: list[list[tuple]], most: int, chance: random.Random) -> list[Mutant]:
	"""So many mutants, each at another place."""
	found = sorted(found)
	chance.shuffle(found)
	mutants = []
	for changes in found:
		mutant = _mutant(*chance.choice(changes))
		if mutant:
			mutants.append(mutant)
		if most and len(mutants) == most:
			break
	return mutants


def _mutant(module: Path, operator: str, occurrence: int, line: int) -> Mutant | None:
	from cosmic_ray import plugins
	from cosmic_ray.mutating import mutate_code

	before = (ROOT / module).read_text()
	code = mutate_code(before, plugins.get_operator(operator)(), occurrence)
	try:
		if code is None or _program(code) == _program(before):
			return None
	except SyntaxError:  # `not` before an assignment in a condition: no program, and so no fault that anybody could make
		return None
	return Mutant(module, line, operator.removeprefix("core/"), before, code)


def _program(code: str) -> str:
	"""What runs: the syntax tree without annotations, which nothing reads while it runs, and without docstrings."""
	tree = ast.parse(code)
	for node in ast.walk(tree):
		if isinstance(node, ast.FunctionDef):
			node.returns = None
		elif isinstance(node, ast.arg):
			node.annotation = None
		elif isinstance(node, ast.AnnAssign):
			node.annotation = ast.Constant(None)
	return ast.dump(tree)


def survivors(mutants: list[Mutant], jobs: int) -> Iterator[Mutant]:
	"""The mutants that no test noticed. Each job has a copy of the source of its own."""
	with tempfile.TemporaryDirectory() as folder:
		runners: SimpleQueue[Runner] = SimpleQueue()
		for number in range(jobs):
			copy = Path(folder) / str(number)
			for part in (
				"ops_delivery",
				"tests",
				"benchmarks",
				"tools",
				"docs",
				"pyproject.toml",
				"README.md",
			):
				source = ROOT / part
				ignored = shutil.ignore_patterns("__pycache__", "node_modules")
				shutil.copytree(source, copy / part, ignore=ignored) if source.is_dir() else shutil.copy(
					source, copy / part
				)
			(copy / "no_shrinking.py").write_text(NO_SHRINKING)
			runners.put(Runner(copy))
		stages = {module: _stages(module) for module in {mutant.module for mutant in mutants}}

		def lives(mutant: Mutant) -> bool:
			runner = runners.get()
			try:
				_write(runner.copy, mutant.module, mutant.code)
				return all(runner.passes(files) for files in stages[mutant.module])
			finally:
				_write(runner.copy, mutant.module, mutant.before)
				runners.put(runner)

		runner = runners.get()
		if not (runner.passes(["tests/domain"]) and runner.passes(["tests/replay"])):
			sys.exit("The plain tests fail without any change, so nothing could be learnt from them")
		runners.put(runner)
		with ThreadPoolExecutor(jobs) as pool:
			for number, (mutant, living) in enumerate(zip(mutants, pool.map(lives, mutants), strict=True), 1):
				print("." if not living else "L", end="" if number % 80 else "\n", file=sys.stderr, flush=True)
				if living:
					yield mutant
		print(file=sys.stderr)
		for _number in range(jobs):
			runners.get().end()


def _stages(module: Path) -> list[list[str]]:
	"""The tests by how soon they would notice: those that import the module, then those that come to it by way of others, of
	the domain and of the replay. Other tests cannot notice: they never load it."""
	# what reads sources and translations says nothing of what the code does
	tests = [path for path in sorted((ROOT / "tests/domain").glob("test_*.py")) if path.stem != "test_words"]
	tests += sorted((ROOT / "tests/replay").glob("test_*.py"))
	first = [path for path in tests if ROOT / module in _imported(path)]
	rest = [path for path in tests if path not in first and ROOT / module in _reached(path)]
	domain = [path for path in rest if path.parent.name == "domain"]
	replay = [path for path in rest if path not in domain]
	return [[str(p.relative_to(ROOT)) for p in stage] for stage in (first, domain, replay) if stage]


def _reached(path: Path) -> set[Path]:
	"""The files that are loaded with a file."""
	found, waiting = set(), [path]
	while waiting:
		for other in _imported(waiting.pop()) - found:
			found.add(other)
			waiting.append(other)
	return found


@cache
def _imported(path: Path) -> frozenset[Path]:
	"""The files of this app, and the helpers of the tests, that a file imports, also within functions."""
	names = set()
	for node in ast.walk(ast.parse(path.read_text())):
		if isinstance(node, ast.Import):
			names.update(alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom) and node.module:
			names.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
	files = (base / f"{name.replace('.', '/')}.py" for name in names for base in (ROOT, path.parent))
	return frozenset(file for file in files if file.is_file())


def _write(copy: Path, module: Path, code: str) -> None:
	"""Compiled files are kept from run to run, as that halves the time; but one of this module could be taken for the
	new text where both were written in the same second and are of one length."""
	(copy / module).write_text(code)
	for compiled in (copy / module).parent.glob(f"__pycache__/{module.stem}.*"):
		compiled.unlink()


class Runner:
	"""Runs tests of a copy in forks of a process that has loaded pytest and Hypothesis once: half of what a run takes."""

	def __init__(self, copy: Path):
		env = {**os.environ, "PYTHONPATH": str(copy)}
		env.pop("PYTHONDONTWRITEBYTECODE", None)
		self.copy = copy
		self.process = subprocess.Popen(
			[sys.executable, str(Path(__file__).resolve()), "--serve"],
			cwd=copy,
			env=env,
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			stderr=subprocess.DEVNULL,
			text=True,
		)

	def passes(self, files: Iterable[str]) -> bool:
		self.process.stdin.write(" ".join(files) + "\n")
		self.process.stdin.flush()
		return self.process.stdout.readline() == "0\n"

	def end(self) -> None:
		self.process.stdin.close()
		self.process.wait()


def serve() -> int:
	"""For each line of files on standard input: the exit code of their tests, in a line on standard output."""
	import hypothesis
	import pytest

	for line in sys.stdin:
		child = os.fork()
		if not child:
			code = 99
			try:
				with open(os.devnull, "w") as nowhere:
					os.dup2(nowhere.fileno(), 1)
				resource.setrlimit(resource.RLIMIT_CPU, (TOO_LONG, TOO_LONG))
				code = int(pytest.main([*PYTEST, *line.split()]))
			finally:
				os._exit(code)
		_pid, status = os.waitpid(child, 0)
		print(os.waitstatus_to_exitcode(status), flush=True)
	return 0


if __name__ == "__main__":
	sys.exit(main())
