"""Files of site tests, run in forks of a process that has loaded Frappe, pytest and our modules with their questions (guards.py)."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import probed_source
from guard_places import GUARDED, ROOT, Guard, read

SITE_TESTS = ROOT / "tests/site"
LONGEST = 1200  # seconds of one test, on a machine that is busy; the sweep through all endpoints is one
Plan = dict[str, list[str]]  # by guard: the tests that are asked, in this order


class Questions:
	"""What the questions before the guards are answered: which guard is off, and which tests came to which."""

	def __init__(self) -> None:
		self.guards: dict[str, Guard] = {guard.name: guard for guard in read(list(GUARDED))}
		self.off: str | None = None
		self.test = ""
		self.reached: dict[str, set[str]] = {}
		self.open_answers: dict[str, Any] = {}

	def load(self) -> None:
		"""Import our modules with the questions."""
		probed_source.load_all(self.is_off, self.answer)
		from ops_delivery.framework import NO_OBJECTION

		self.open_answers = {"may": True, "may: no objection": NO_OBJECTION, "hides": False, "condition": ""}

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


class Notes:
	"""A plugin of pytest: notes which test comes to which guard, how long it takes and which lines ran; with a plan, switches
	guards off and tells which tests fail then."""

	def __init__(self, questions: Questions, plan: Plan | None, out: Any):
		self.questions, self.plan, self.out = questions, plan, out
		self.seconds: dict[str, float] = {}
		self.failed: dict[str, str] = {}

	def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
		self.questions.test = nodeid
		signal.alarm(LONGEST)

	def pytest_runtest_logreport(self, report: Any) -> None:
		self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
		if report.failed:
			self.failed.setdefault(report.nodeid, _said(report))

	def pytest_sessionfinish(self) -> None:
		if self.plan is None:
			signal.alarm(0)
			names = [name for name in sys.modules if name.startswith(("frappe.", "erpnext."))]
			reached = {name: sorted(tests) for name, tests in self.questions.reached.items()}
			lines = probed_source.lines_that_ran()
			self.tell(reached=reached, seconds=self.seconds, failed=self.failed, lines=lines, modules=names)

	def pytest_runtestloop(self, session: Any) -> bool | None:
		if self.plan is None:
			return None
		items = {item.nodeid: item for item in session.items}
		open_accounts: set[str] = set()  # tests that failed with a guard off, and have not passed since
		for guard, tests in self.plan.items():
			for test in (test for test in tests if test in items):
				self.tell(asks=guard, test=test)
				said = self.play(items, test, guard)
				self.tell(guard=guard, test=test, said=said)
				(open_accounts.add if said else open_accounts.discard)(test)
				if said:
					break
		for test in open_accounts:
			self.tell(again=test, said=self.play(items, test, None))
		session._setupstate.teardown_exact(None)
		return True

	def play(self, items: dict[str, Any], test: str, off: str | None) -> str | None:
		"""What a test says when it fails with a guard off; None where it passes. What its file's tests share is kept."""
		from _pytest.runner import runtestprotocol

		item = items[test]
		beside = next((other for other in items.values() if other is not item and other.parent is item.parent), None)
		self.questions.off = off
		signal.alarm(LONGEST)
		try:
			item._initrequest()  # as for a test that is run again
			reports = runtestprotocol(item, log=False, nextitem=beside)
		finally:
			signal.alarm(0)
			self.questions.off = None
		return next((_said(report) for report in reports if report.failed), None)

	def tell(self, **values: Any) -> None:
		self.out.write(json.dumps(values) + "\n")
		self.out.flush()


class Forks:
	"""A process for each file of tests, as many at once as there are sites."""

	def __init__(self, questions: Questions, sites: list[str]):
		self.questions, self.sites, self.warm = questions, sites, set(sys.modules)

	def run(self, files: Iterable[tuple[str, Plan | None]]) -> Iterator[tuple[str, int | None, float, list[dict]]]:
		"""(file, exit code, seconds, what it told line by line) of each file, as they end; with a plan it asks that alone, and
		what it tells comes piece by piece, with None for the exit code until it ends."""
		free, waiting, running = list(self.sites), iter(files), selectors.DefaultSelector()
		more = True
		while more or running.get_map():
			while more and free:
				if (following := next(waiting, None)) is None:
					more = False
					break
				site, (name, plan) = free.pop(), following
				child, reading = self._started(name, plan, site)
				running.register(reading, selectors.EVENT_READ, (name, plan, child, site, time.monotonic(), bytearray()))
			for key, _events in running.select():
				name, plan, child, site, began, heard = key.data
				if part := os.read(key.fd, 1 << 20):
					heard += part
					if plan is not None and heard.endswith(b"\n"):
						yield name, None, time.monotonic() - began, [json.loads(line) for line in heard.splitlines()]
						heard.clear()
					continue
				running.unregister(key.fd)
				os.close(key.fd)
				code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
				free.append(site)
				told = [json.loads(line) for line in heard.decode().splitlines(keepends=True) if line.endswith("\n")]
				if told and "modules" in told[-1]:
					self._warm_up(told[-1].pop("modules"))
				yield name, code, time.monotonic() - began, told

	def _started(self, name: str, plan: Plan | None, site: str) -> tuple[int, int]:
		import pytest

		reading, writing = os.pipe()
		sys.stdout.flush()
		gc.freeze()  # what is loaded is shared with the fork, and stays so while nobody counts through it
		child = os.fork()
		if child:
			os.close(writing)
			return child, reading
		os.close(reading)
		os.environ["OPS_TEST_SITES"] = site
		code = 99
		log = os.open(ROOT / "artifacts/guards" / f"{site}.log", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
		os.dup2(log, 1)
		os.dup2(log, 2)
		try:
			with os.fdopen(writing, "w") as out:
				signal.signal(signal.SIGALRM, signal.SIG_DFL)
				options = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-q", "-p", "no:cacheprovider"]
				options += ["--tb=short", "-m", "not security", str(SITE_TESTS / name)]
				code = int(pytest.main(options, plugins=[Notes(self.questions, plan, out)]))
		finally:
			os._exit(code)

	def _warm_up(self, names: list[str]) -> None:
		"""Load what the tests needed of the host once, for those to come."""
		for name in set(names) - self.warm:
			with contextlib.suppress(Exception):
				importlib.import_module(name)
		self.warm |= set(names)


def _said(report: Any) -> str:
	lines = [line for line in str(report.longrepr).strip().splitlines() if line.startswith("E ")] or ["", report.when]
	return f"{report.nodeid.rpartition('/')[2]} ({lines[0].removeprefix('E').strip()[:140] or lines[-1].strip()[:140]})"
