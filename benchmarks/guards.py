"""Whether the tests on a site notice when a guard is gone: each refusal is switched off in turn, and tests are run without it.

    BENCH_PATH=BENCH python benchmarks/guards.py [--of permissions …] [--guard TEXT] [--record] [--again] [--list]

A guard is a place that keeps somebody out: a statement that refuses (raise, frappe.throw, a call of refuse_… or check_…), what a
hook of permissions or a list condition answers, a rule of what is hidden. First each file of site tests is run once as it is,
and it is noted which test came to which refusal and which lines ran (kept in artifacts/guards/ until the file changes). Then each
guard lets everything through, and tests that came to it are run, the quickest first: one that fails, and passes again
with the guard, has noticed. What was found is kept too: a run that was stopped goes on, `--again` asks those once more that
no test had noticed.
Reported are the guards that no test comes to, and those that are gone without any test failing. Exit status 1 if there
is one. Nothing is written into the source: our modules are loaded with a question before each guard (probed_source.py).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from guard_places import GUARDED, Guard, read
from guard_runs import ROOT, SITE_TESTS, Forks, Plan, Questions

KEPT = ROOT / "artifacts" / "guards"
# recorded first, as they are about who may do what
FIRST = (
	"gates", "generic_doors", "answers_refused", "rights_at_the_edges", "list_conditions", "doors", "access_table", "isolation",
	"acceptance", "guarded_records", "ownership", "ways_in",
	"reach", "whose", "membership", "stand_ins", "steps", "evidence", "complaint_privacy", "reviews", "portal_request",
	"review_signatures", "link_pages", "reviews_ways_in", "doors_accused", "endpoints", "print_readers", "review_pages",
	"staff_answers", "portal", "signed_link", "people_who_left", "review_clocks", "checked", "guest_rule", "own_fields",
	"complaints", "complaint_pages", "uploads", "visits_ways_in", "papers_for_customers", "mail_threads", "record_search",
	"report_levels", "survey_anonymity", "guest_permissions", "guest_portal", "complaint_intake", "optimization",
	"improvements", "surveys", "deliverables", "dispatch", "delivery_plan", "deliverable_pages", "promised_deliverables", "visit_records",
	"rule_changes", "consulting", "imports", "field_types", "chain", "administrators_slips", "arguments", "manager_role",
)  # fmt: skip
ROUNDS = (2, 4, 8, 16)  # how many tests more are asked of a guard that none before has missed


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--of", action="append", choices=GUARDED, help="only these")
	parser.add_argument("--guard", action="append", help="only guards whose name has this in it")
	parser.add_argument("--tests", nargs="+", help="files of tests/site to record, instead of all")
	parser.add_argument("--list", action="store_true", help="name the guards and do nothing")
	parser.add_argument("--record", action="store_true", help="note which test comes to which guard, and switch nothing")
	parser.add_argument("--known", action="store_true", help="record nothing more, and switch off what is known so far")
	parser.add_argument("--report", action="store_true", help="say what is known so far, and run nothing")
	parser.add_argument("--again", action="store_true", help="ask those once more that no test has noticed")
	parser.add_argument("--workers", type=int, default=1, help="sites side by side")
	parser.add_argument("--fresh", action="store_true", help="make the sites anew first")
	args = parser.parse_args()
	if args.list:
		print(*read(args.of or list(GUARDED)), sep="\n")
		return 0
	if args.report:
		return Switches(args, None).report()
	if "OPS_GUARDS" in os.environ:
		return inside(args)
	sys.path.insert(0, str(ROOT / "tools"))
	from bench import find_bench
	from parts import prepare, test_sites
	from services import private_redis

	bench = find_bench()
	with bench.lock(), private_redis(bench):
		prepare(bench, args.workers, fresh=args.fresh)
		inner = {**bench.env, "OPS_GUARDS": " ".join(test_sites(args.workers))}
		command = [str(bench.python), str(Path(__file__).resolve()), *sys.argv[1:]]
		return subprocess.run(command, cwd=bench.sites, env=inner, stdin=subprocess.DEVNULL).returncode


def inside(args: argparse.Namespace) -> int:
	"""The part that runs with the bench's Python, from its sites/ folder."""
	import hypothesis
	import pytest

	KEPT.mkdir(parents=True, exist_ok=True)
	questions = Questions()
	questions.load()
	forks = Forks(questions, os.environ["OPS_GUARDS"].split())
	if not args.known:
		record(forks, args.tests or all_files())
	if args.record:
		return 0
	switches = Switches(args, forks)
	switches.ask()
	return switches.report()


def all_files() -> list[str]:
	ranks = {f"test_{name}.py": rank for rank, name in enumerate(FIRST)}
	return sorted((path.name for path in SITE_TESTS.glob("test_*.py")), key=lambda name: (ranks.get(name, 999), name))


def record(forks: Forks, files: list[str]) -> None:
	"""Note of each file that changed which test comes to which guard, how long it takes, and which lines ran."""
	guards = forks.questions.guards
	for name, code, took, told in forks.run((name, None) for name in files if recorded(name) is None):
		if not told or "reached" not in told[-1]:
			print(f"{name}: did not end ({code}), so it is left out", flush=True)
			continue
		found = {**told[-1], "digest": digest(name), "texts": {guard: guards[guard].text for guard in told[-1]["reached"]}}
		path = KEPT / f"{name}.json"
		path.with_suffix(".part").write_text(json.dumps(found))
		path.with_suffix(".part").rename(path)
		print(f"{name}: {len(found['seconds'])} tests, {len(found['reached'])} guards, {took:.0f} s", flush=True)
		for said in found["failed"].values():
			print(f"  fails as it is: {said}", flush=True)


def recorded(name: str) -> dict | None:
	path = KEPT / f"{name}.json"
	found = json.loads(path.read_text()) if path.exists() else {}
	return found if found.get("digest") == digest(name) else None


def digest(name: str) -> str:
	return hashlib.sha256((SITE_TESTS / name).read_bytes()).hexdigest()[:16]


class Switches:
	"""The guards that are asked, what is known of each, and the asking."""

	def __init__(self, args: argparse.Namespace, forks: Forks | None):
		self.args, self.forks, self.path = args, forks, KEPT / "switched.json"
		self.guards = {guard.name: guard for guard in read(args.of or list(GUARDED)) if self.is_wanted(guard)}
		self.digests = {name: digest(name) for name in all_files()}
		self.tests: dict[str, list[str]] = {}  # by guard, the most telling first
		self.found: dict[str, dict] = json.loads(self.path.read_text()) if self.path.exists() else {}
		self.read_records()

	def is_wanted(self, guard: Guard) -> bool:
		return not self.args.guard or any(text in guard.name for text in self.args.guard)

	def read_records(self) -> None:
		weights: dict[str, float] = {}
		for name in self.digests:
			found = recorded(name) or {"reached": {}, "failed": {}, "seconds": {}}
			counts: dict[str, int] = {}
			for guard, tests in found["reached"].items():
				known = guard in self.guards and self.guards[guard].text == found["texts"][guard]
				for test in tests:
					counts[test] = counts.get(test, 0) + 1
					if known and test and test not in found["failed"]:
						self.tests.setdefault(guard, []).append(test)
			# one that comes to a few guards is about them, one that comes to many passes by
			weights |= {test: found["seconds"].get(test, 9) * count for test, count in counts.items()}
		for tests in self.tests.values():
			tests.sort(key=weights.__getitem__)

	def known(self, guard: str) -> dict:
		"""{"text", "by": what was said, "proved", "passed": {test: digest of its file}} as far as the guard is still what it was."""
		entry = self.found.get(guard)
		if entry is None or entry["text"] != self.guards[guard].text:
			entry = self.found[guard] = {"text": self.guards[guard].text, "by": None, "proved": False, "passed": {}}
		return entry

	def open(self, guard: str, upto: int) -> list[str]:
		"""The tests that are still to be asked of a guard, of the first `upto`."""
		entry = self.known(guard)
		if entry["by"] and entry.get("proved", True):
			return []
		return [test for test in self.tests.get(guard, [])[:upto] if entry["passed"].get(test) != self.digests[_file(test)]]

	def ask(self) -> None:
		upto = 0
		for more in ROUNDS:
			upto += more
			plans: dict[str, Plan] = {}
			for guard in self.guards:
				for test in self.open(guard, upto):
					plans.setdefault(_file(test), {}).setdefault(guard, []).append(test)
			while plans:
				accounts = {name: Account(self, name, plan) for name, plan in plans.items()}
				for name, code, took, told in self.forks.run(plans.items()):
					for line in told:
						accounts[name].hear(line)
					self.path.write_text(json.dumps(self.found, indent=1))
					if code is not None:
						accounts[name].close()
						print(f"{name}: {len(plans[name])} guards, {took:.0f} s", flush=True)
				plans = {name: rest for name, account in accounts.items() if account.heard and (rest := account.rest())}

	def passed(self, guard: str, test: str) -> None:
		self.known(guard)["passed"][test] = self.digests[_file(test)]

	def notice(self, guard: str, said: str, proved: bool) -> None:
		if not self.known(guard)["by"]:
			print(f"noticed: {self.guards[guard]} | {said}", flush=True)
		self.known(guard).update(by=said, proved=proved)

	def report(self) -> int:
		noticed = [guard for name, guard in self.guards.items() if self.known(name)["by"]]
		left = [guard for guard in self.guards.values() if guard not in noticed]
		asked = [guard for guard in left if self.known(guard.name)["passed"]]
		unknown = [guard for guard in left if guard not in asked and guard.name not in self.tests]
		waiting = len(left) - len(asked) - len(unknown)
		for title, guards in (("Gone, and no test fails", asked), ("No test comes to it", unknown)):
			print(f"\n{title}: {len(guards)}")
			for guard in guards:
				print(f"{guard} [{len(self.known(guard.name)['passed'])} of {len(self.tests.get(guard.name, []))} tests]")
		files = sum(recorded(name) is not None for name in self.digests)
		print(
			f"\n{len(self.guards)} guards, {len(noticed) + len(asked)} switched off, {len(noticed)} noticed, {len(asked)} not, "
			f"{len(unknown)} that no test of {files} files comes to, {waiting} not asked yet"
		)
		return int(len(noticed) < len(self.guards))


class Account:
	"""What a file's tests said of guards that were off. A test that failed is believed once it passes again."""

	def __init__(self, switches: Switches, name: str, plan: Plan):
		self.switches, self.name, self.plan = switches, name, plan
		self.missed: dict[str, list[tuple[str, str]]] = {}  # by test: the guards it failed without since it last passed
		self.asking: tuple[str, str] | None = None
		self.heard = False

	def hear(self, line: dict) -> None:
		self.heard = True
		self.asking = (line["asks"], line["test"]) if "asks" in line else None
		if "said" not in line:
			return
		test = line.get("again") or line["test"]
		if line["said"] and "guard" in line:
			self.missed.setdefault(test, []).append((line["guard"], line["said"]))
			self.switches.notice(line["guard"], line["said"], False)
			return
		if line["said"]:  # it fails with every guard in place too, so it says nothing
			print(f"{self.name}: {line['said']} fails with all guards too", flush=True)
		elif "guard" in line:
			self.switches.passed(line["guard"], test)
		for guard, said in self.missed.pop(test, []):
			self.switches.notice(guard, said, True) if not line["said"] else self.take_back(guard, test)

	def take_back(self, guard: str, test: str) -> None:
		self.switches.known(guard)["by"] = None
		self.switches.passed(guard, test)

	def close(self) -> None:
		if self.asking:  # the process ended while it was asked
			guard, test = self.asking
			self.switches.notice(guard, f"{test.rpartition('/')[2]} (did not end)", True)
		for guard, said in (found for tests in self.missed.values() for found in tests):
			self.switches.notice(guard, said, True)

	def rest(self) -> Plan:
		"""What was to be asked and was not."""
		found = {guard: set(self.switches.open(guard, 9999)) for guard in self.plan}
		return {guard: rest for guard, tests in self.plan.items() if (rest := [test for test in tests if test in found[guard]])}


def _file(test: str) -> str:
	return test.partition("::")[0].rpartition("/")[2]


if __name__ == "__main__":
	sys.exit(main())
