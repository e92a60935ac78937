"""Whether the tests on a site notice when a guard is gone: each refusal is switched off in turn, and tests are run without it.

    BENCH_PATH=BENCH python benchmarks/guards.py [--of permissions …] [--guard TEXT] [--tests test_x.py …] [--list]

A guard is a place that keeps somebody out: a statement that refuses (raise, frappe.throw, a call of refuse_… or check_…), what a
hook of permissions or a list condition answers, a rule of what is hidden. First each file of tests is run once as it is, and it
is noted which test came to which refusal (kept in artifacts/guards.json until the file or the guards change). Then each
guard lets everything through, and the tests that came to it are run, the quickest first: one that fails, and passes again
with the guard, has noticed.
Reported are the guards that no test comes to, and those that are gone without any test failing. Exit status 1 if there
is one. Nothing is written into the source: a process with Frappe loaded is forked, and the guard changed in the fork alone.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from guard_places import GUARDED, Guard, read

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "artifacts" / "guards.json"
SITE_TESTS = ROOT / "tests/site"
# which files of tests come to them; a guard that they do not come to may still be known to another one
TESTS = (
	"acceptance", "access_table", "chain", "complaint_intake", "complaint_pages", "complaint_privacy", "complaints",
	"doors", "doors_accused", "endpoints", "evidence", "field_types", "guarded_records", "guest_permissions",
	"imports", "improvements", "isolation", "link_pages", "list_conditions", "membership", "mail_threads", "own_fields", "ownership",
	"papers_for_customers", "people_who_left", "portal", "portal_request", "print_readers", "reach", "record_search",
	"report_levels", "review_clocks", "review_pages", "review_signatures", "reviews", "rule_changes", "signed_link",
	"staff_answers", "stand_ins", "steps", "survey_anonymity", "surveys", "uploads", "visit_records",
	"visits_ways_in", "ways_in", "whose", "consulting", "optimization", "reviews_ways_in",
)  # fmt: skip
MOST_TESTS, LONGEST = 4, 240  # tests of a file that are asked of one guard; seconds of one


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
		wanted = [guard for guard in self.guards.values() if self.is_wanted(guard)]
		noticed = self.switched_off(wanted, known)
		reached = {name for found in known.values() for name in found["reached"]}
		unknown = [guard for guard in wanted if guard.name not in reached]
		unnoticed = [guard for guard in wanted if guard.name in reached and guard.name not in noticed]
		for title, guards in (("Gone, and no test fails", unnoticed), ("No test comes to it", unknown)):
			print(f"\n{title}: {len(guards)}", *guards, sep="\n")
		switched = len(wanted) - len(unknown)
		print(f"\n{len(wanted)} guards, {switched} switched off, {len(noticed)} noticed by the tests of {len(known)} files")
		return int(bool(unknown or unnoticed))

	def is_wanted(self, guard: Guard) -> bool:
		parts, names = self.args.of, self.args.guard
		return (not parts or any(_is_of(guard, part) for part in parts)) and (
			not names or any(text in guard.name for text in names)
		)

	def switched_off(self, wanted: list[Guard], known: dict[str, dict]) -> dict[str, str]:
		"""By which test each guard was missed. File by file, those that come to most of them first."""
		noticed: dict[str, str] = {}
		for name in sorted(known, key=lambda name: -len(known[name]["reached"])):
			reached, seconds = known[name]["reached"], known[name]["seconds"]
			plan = {
				guard.name: sorted(reached[guard.name], key=lambda test: seconds.get(test, 0))[:MOST_TESTS]
				for guard in wanted
				if guard.name in reached and guard.name not in noticed
			}
			while plan:  # a process whose records a missing guard has spoilt is given up, and another goes on
				told = self.forked([str(SITE_TESTS / name)], ["-m", "not security"], plan)[1]
				for line in told:
					plan.pop(line["guard"])
					if line["by"]:
						noticed[line["guard"]] = line["by"]
				if plan and not (told and told[-1].get("spoilt")):
					cut = next(iter(plan))  # what was being asked when the process ended
					del plan[cut]
					noticed[cut] = "it did not end"
					print(f"noticed: {self.guards[cut]} | the tests did not end", flush=True)
		return noticed

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
			code, told = self.forked([str(SITE_TESTS / name)], ["-m", "not security"])
			found = told[-1] if told else {}
			if code or not found:
				print(f"{name}: fails as it is, so it is left out: {found.get('failed') or code}", flush=True)
				continue
			known[name] = {"digest": digest, "reached": found["reached"], "seconds": found["seconds"]}
			KEPT.parent.mkdir(exist_ok=True)
			KEPT.write_text(json.dumps(known))
			print(f"{name}: {len(found['reached'])} guards, {time.monotonic() - began:.0f} s", flush=True)
		return {name: known[name] for name in chosen if name in known}

	def forked(
		self, paths: list[str], options: list[str], plan: dict[str, list[str]] | None = None
	) -> tuple[int, list[dict]]:
		"""The exit code of pytest in a process of its own, and what it told, line by line."""
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
				with os.fdopen(writing, "w") as out:
					signal.signal(signal.SIGALRM, signal.SIG_DFL)
					common = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q", "-p", "no:cacheprovider", "--tb=line"]
					code = int(pytest.main([*common, *options, *paths], plugins=[Notes(self, plan, out)]))
			finally:
				os._exit(code)
		os.close(writing)
		with os.fdopen(reading) as said:
			told = []
			for line in said:
				if not line.endswith("\n"):
					break  # the process ended while it spoke
				told.append(json.loads(line))
				if by := told[-1].get("by"):
					print(f"noticed: {self.guards[told[-1]['guard']]} | {by}", flush=True)
		_pid, status = os.waitpid(child, 0)
		return os.waitstatus_to_exitcode(status), told


class Notes:
	"""A plugin of pytest: notes which test comes to which guard and how long it takes; with a plan, switches guards off and
	tells which tests fail then."""

	def __init__(self, inside: Inside, plan: dict[str, list[str]] | None, out: Any):
		self.inside, self.plan, self.out = inside, plan, out
		self.failed: str | None = None

	def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
		self.inside.test = nodeid

	def pytest_runtest_logreport(self, report: Any) -> None:
		seconds = self.inside.seconds
		seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
		if report.failed and not self.failed:
			self.failed = _said(report)

	def pytest_sessionfinish(self) -> None:
		if self.plan is None:
			reached = {name: sorted(tests) for name, tests in self.inside.reached.items()}
			self.tell(reached=reached, seconds=self.inside.seconds, failed=self.failed)

	def pytest_runtestloop(self, session: Any) -> bool | None:
		if self.plan is None:
			return None
		items = {item.nodeid: item for item in session.items}
		for guard, tests in self.plan.items():
			by = None
			for test in tests:
				if by := self.play(items, test, guard):
					break
			spoilt = bool(by) and bool(self.play(items, test, None))
			self.tell(guard=guard, by=by, spoilt=spoilt)
			if spoilt:
				break
		session._setupstate.teardown_exact(None)
		return True

	def play(self, items: dict[str, Any], test: str, off: str | None) -> str | None:
		"""What a test says when it fails with a guard off; None where it passes. What its file's tests share is kept."""
		from _pytest.runner import runtestprotocol

		item = items[test]
		beside = next((other for other in items.values() if other is not item and other.parent is item.parent), None)
		self.inside.off = off
		signal.alarm(LONGEST)
		try:
			item._initrequest()  # as for a test that is run again
			reports = runtestprotocol(item, log=False, nextitem=beside)
		finally:
			signal.alarm(0)
			self.inside.off = None
		return next((_said(report) for report in reports if report.failed), None)

	def tell(self, **values: Any) -> None:
		self.out.write(json.dumps(values) + "\n")
		self.out.flush()


def _said(report: Any) -> str:
	lines = str(report.longrepr).strip().splitlines()
	return f"{report.nodeid.partition('/site/')[2]} ({lines[-1].strip()[:140] if lines else report.when})"


def _is_of(guard: Guard, part: str) -> bool:
	inside = GUARDED[part].removeprefix("ops_delivery/").removeprefix("services/").removesuffix("*.py")
	return guard.name.startswith(inside)


def _digest(*paths: Path) -> str:
	return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]


if __name__ == "__main__":
	sys.exit(main())
