"""What a sweep costs: 1,000 due triggers among 10,000 open clocks and among 1,000,000.

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/sweep.py SITE [--few 10000] [--many 1000000] [--due 1000] [--rounds 5]

The site's own tables are put aside (renamed) and two sets of tables take turns in their place, F M M F F M …, so
that both are measured under the same load. In each set every four clocks belong to an Issue of their own, every clock
has four pending triggers, and names are random as the engine's are. The due clocks are real Issues' clocks, copied
by the database with names of their own; a due clock brings two triggers (the alarm, which tells a manager on the desk
and by e-mail, and the mark that the deadline has passed). At the end both sets are dropped and the site's own tables
are put back, also after an interruption.
"""

import argparse
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records
from swapped_tables import (
	FEW,
	MANY,
	SWAPPED,
	add_indexes,
	copy_issue,
	forget,
	put_back,
	run_sql,
	set_aside_indexes,
	two_sets,
	use,
)

DUE_EVERY = timedelta(minutes=3)  # each round has due triggers of its own


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--few", type=int, default=10_000)
	parser.add_argument("--many", type=int, default=1_000_000)
	parser.add_argument("--due", type=int, default=1_000)
	parser.add_argument("--rounds", type=int, default=5)
	parser.add_argument("--recover", action="store_true", help="put the site's own tables back after a crash")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True  # nothing leaves the site; the e-mails are queued all the same
	if arguments.recover:
		return put_back()
	with own_records.taken_away(but=SWAPPED), two_sets():
		world = World(arguments)
		world.build()
		_report(arguments, world.measure(), world)
	frappe.destroy()


class World:
	"""The two sets of tables and what is measured on them."""

	def __init__(self, arguments):
		self.few, self.many, self.due, self.rounds = (
			arguments.few,
			arguments.many,
			arguments.due,
			arguments.rounds,
		)

	def build(self) -> None:
		import scenario

		began = time.monotonic()
		self.scenario = scenario
		start = scenario.MONDAY + timedelta(hours=1)
		agreement = scenario.agreement()
		use(FEW)
		resting = scenario.issue(agreement, scenario.MONDAY)
		scenario.judge_valid(
			resting, scenario.MONDAY, ops_urgency="Not Urgent", ops_importance="Not Important", ops_onsite=1
		)
		due = scenario.issue(agreement, start)
		scenario.judge_valid(
			due,
			start,
			ops_urgency="Very Urgent",
			ops_importance="Very Important",
			status="Replied",
			ops_restored_on=start.astimezone(scenario.ZONE).replace(tzinfo=None),
		)
		self.deadline = start + timedelta(hours=5)  # four hours of service time and an hour's lunch
		frappe.db.delete("Service Clock Trigger", {"clock": scenario.clock(due).name, "kind": "Warning"})
		frappe.db.commit()
		copies = -(-self.due // 2)
		for round_ in range(self.rounds + 1):
			copy_issue(due.name, f"due{round_}", copies, seconds=int(round_ * DUE_EVERY.total_seconds()))
		forget(due.name)
		copy_issue(resting.name, "few", (self.few - copies * (self.rounds + 1)) // 4, spread_days=25)
		frappe.db.commit()
		set_aside_indexes(MANY)
		for doctype in SWAPPED:
			run_sql(f"INSERT INTO `{MANY}tab{doctype}` SELECT * FROM `tab{doctype}`")
		frappe.db.commit()
		use(MANY)
		copy_issue(resting.name, "many", (self.many - self.few) // 4, spread_days=25)
		for prefix in (FEW, MANY):
			use(prefix)
			forget(resting.name)
			frappe.db.commit()
		add_indexes()
		for prefix in (FEW, MANY):
			use(prefix)
			for doctype in SWAPPED:
				run_sql(f"ANALYZE TABLE `tab{doctype}`")
			clocks = frappe.db.count("Service Clock", {"state": "Running"})
			triggers = frappe.db.count("Service Clock Trigger")
			print(f"{prefix.strip('_')}: {clocks:,} open clocks, {triggers:,} pending triggers", flush=True)
		print(f"built in {time.monotonic() - began:.0f} s", flush=True)

	def measure(self):
		found = {FEW: [], MANY: []}
		for round_ in range(self.rounds + 1):
			for prefix in (FEW, MANY) if round_ % 2 else (MANY, FEW):
				use(prefix)
				figures = self._sweep(self.deadline + round_ * DUE_EVERY)
				seconds, processor, queries = figures
				which = prefix.strip("_")
				print(
					f"  round {round_} {which:4} {seconds:6.2f} s ({processor:5.2f} s in Python) {queries:6} queries",
					flush=True,
				)
				if round_:  # the first warms caches
					found[prefix].append(figures)
		return found

	def _sweep(self, moment):
		from ops_delivery.services.escalation import sweep

		queries, execute = [0], frappe.db.sql

		def counted(*args, **kwargs):
			queries[0] += 1
			return execute(*args, **kwargs)

		with self.scenario.at(moment), patch.object(frappe.db, "sql", counted):
			began, processor = time.perf_counter(), time.process_time()
			outcome = sweep.run()
			seconds, processor = time.perf_counter() - began, time.process_time() - processor
		assert outcome["fired"] + outcome["missed"] == 2 * -(-self.due // 2), outcome
		assert not outcome["failed"] and not outcome["left"], outcome
		return seconds, processor, queries[0]

	def explain(self) -> str:
		"""How the database finds what is due."""
		moment = int((self.deadline + self.rounds * DUE_EVERY).timestamp())
		plan = frappe.db.sql(
			"EXPLAIN SELECT name FROM `tabService Clock Trigger` WHERE state = 'Pending' AND run_epoch <= %s "
			"ORDER BY run_epoch LIMIT 100 FOR UPDATE SKIP LOCKED",
			(moment,),
			as_dict=True,
		)[0]
		return f"{plan.type} on {plan.key}, {plan.Extra}"

	def load_every_open_ticket(self) -> tuple[float, int]:
		"""What a scheduled job without triggers of its own would do: read every open Issue to look at its deadline."""
		use(FEW)
		began = time.perf_counter()
		names = frappe.get_all("Issue", {"status": ["not in", ["Resolved", "Closed"]]}, pluck="name")
		for name in names:
			frappe.get_doc("Issue", name)
		return time.perf_counter() - began, len(names)


def _report(arguments, found, world: World) -> None:
	print(f"\n{'':30}{'a sweep':>10}{'a trigger':>12}{'in Python':>12}{'queries':>10}{'a trigger':>12}")
	medians = {}
	for prefix, clocks in ((FEW, arguments.few), (MANY, arguments.many)):
		seconds, processor, queries = (
			statistics.median(column) for column in zip(*found[prefix], strict=True)
		)
		medians[prefix] = seconds
		print(
			f"{arguments.due:,} due of {clocks:>9,} clocks  {seconds:>8.2f} s{seconds / arguments.due * 1000:>9.2f} ms"
			f"{processor:>10.2f} s{queries:>10,.0f}{queries / arguments.due:>12.1f}"
		)
	ratios = [many[0] / few[0] for few, many in zip(found[FEW], found[MANY], strict=True)]
	print(
		f"ratio of the medians {medians[MANY] / medians[FEW]:.2f}; median of the rounds' ratios {statistics.median(ratios):.2f}"
	)
	use(MANY)
	print(f"among {arguments.many:,} the due triggers are found by: {world.explain()}")
	seconds, tickets = world.load_every_open_ticket()
	print(
		f"a job that loads every open ticket instead (ERPNext's and Helpdesk's own rules have no triggers): "
		f"{seconds:.2f} s for the {tickets:,} Issues of the small set before it has told anybody; "
		f"it grows with the open tickets, so it is not run on the large set"
	)


if __name__ == "__main__":
	main()
