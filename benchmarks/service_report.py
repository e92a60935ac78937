"""What the figures of a month's service report cost: 10,000 requests, 3,000 routine tasks and 300 visits, and as many of the month before (8.3.b.5).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/service_report.py SITE [--requests 10000] [--tasks 3000] [--visits 300] [--times 3]

Each request has four clocks; every tenth is missed, every twentieth cancelled, every tenth request is still open. Nothing is committed.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe

COMMITMENTS = ("First Response", "On-site Arrival", "Restore", "Resolution")
PRIORITIES = ("Low", "Medium", "High", "Urgent")
MONTHS = ((2026, 2, 28), (2026, 3, 31))


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--requests", type=int, default=10_000)
	parser.add_argument("--tasks", type=int, default=3_000)
	parser.add_argument("--visits", type=int, default=300)
	parser.add_argument("--times", type=int, default=3)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	try:
		agreement = _build(arguments)
		_measure(agreement, arguments.times)
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _build(arguments) -> str:
	import scenario

	began = time.monotonic()
	agreement = scenario.agreement()
	for year, month, days in MONTHS:
		spread = timedelta(days=days - 1) / arguments.requests
		at = [datetime(year, month, 1, 8) + spread * number for number in range(arguments.requests)]
		_requests(agreement, f"BENCH-{month}", at)
		_tasks(agreement, f"BENCH-T{month}", [date(year, month, 1 + number % days) for number in range(arguments.tasks)])
		_visits(agreement, f"BENCH-V{month}", [datetime(year, month, 1 + number % days, 9) for number in range(arguments.visits)])
	print(f"built in {time.monotonic() - began:.0f} s: {frappe.db.count('Service Clock', {'agreement': agreement.name}):,} clocks", flush=True)
	return agreement.name


def _requests(agreement, tag: str, moments: list[datetime]) -> None:
	from ops_delivery.framework import issue_field

	issue = ("name", "subject", "customer", "company", "status", "priority", "opening_date", "opening_time", issue_field("resolution_date"), "ops_agreement", "ops_validity", "issue_type", "ops_channel")
	clock = ("name", "reference_doctype", "reference_name", "commitment", "customer", "agreement", "priority", "state", "target", "elapsed", "breached", "started_on", "stopped_on", "due_on")
	issues, clocks = [], []
	for number, at in enumerate(moments):
		name, priority, over = f"{tag}-{number}", PRIORITIES[number % 4], number % 10 != 9
		ended = at + timedelta(hours=3) if over else None
		issues.append((name, f"Link {number} down", agreement.customer, agreement.company, "Closed" if over else "Open", priority, at.date(), at.time(), ended, agreement.name, "Valid", "Fault", ("Phone", "Portal")[number % 2]))
		for place, commitment in enumerate(COMMITMENTS):
			turn = number * 4 + place
			late, gone = turn % 10 == 0, turn % 20 == 3
			state = "Cancelled" if gone else "Met" if over else "Running"
			clocks.append((f"{name}-{place}", "Issue", name, commitment, agreement.customer, agreement.name, priority, state, 7200, 10800 if late else 3600, int(late), at, ended, at + timedelta(days=400)))
	_insert("Issue", issue, issues)
	_insert("Service Clock", clock, clocks)


def _tasks(agreement, tag: str, days: list[date]) -> None:
	columns = ("name", "title", "customer", "agreement", "kind", "status", "timeliness", "planned_on", "meant_for", "due_on")
	rows = []
	for number, day in enumerate(days):
		done = number % 20 != 0
		rows.append((f"{tag}-{number}", "Weekly round", agreement.customer, agreement.name, f"Kind {number % 5}", "Done" if done else "Missed", ("Late" if number % 15 == 1 else "On Time") if done else None, day, day, day))
	_insert("Routine Task", columns, rows)


def _visits(agreement, tag: str, moments: list[datetime]) -> None:
	columns = ("name", "title", "customer", "agreement", "status", "planned_start", "promised_on", "arrived_on", "left_on", "late_minutes", "hours_on_site", "outcome")
	rows = [
		(f"{tag}-{number}", "Replace a part", agreement.customer, agreement.name, "Left", at, at, at + timedelta(minutes=number % 7), at + timedelta(hours=2), number % 7, 2, "Job Done")
		for number, at in enumerate(moments)
	]
	_insert("Field Service Sheet", columns, rows)


def _insert(doctype: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
	from ops_delivery.services.shared import bulk

	for start in range(0, len(rows), 1_000):
		bulk.insert(doctype, columns, rows[start : start + 1_000])


def _measure(agreement: str, times: int) -> None:
	from ops_delivery.services.reports.collect import collect

	first, last = date(2026, 3, 1), date(2026, 3, 31)
	queries, execute, seconds, processor, steps = [0], frappe.db.sql, [], [], {}

	def counted(*args, **kwargs):
		queries[0] += 1
		return execute(*args, **kwargs)

	def step(key: str, done: int, _of: int) -> None:
		steps.setdefault(done, []).append((key, time.perf_counter()))

	before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	for _time in range(times):
		queries[0] = 0
		with patch.object(frappe.db, "sql", counted):
			began, worked = time.perf_counter(), time.process_time()
			found = collect(agreement, first, last, on_progress=step)
			seconds.append(time.perf_counter() - began)
			processor.append(time.process_time() - worked)
	kept = sum(len(json.dumps(section.to_dict())) for section in found.values())
	memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(
		f"all sections {statistics.median(seconds):.1f} s ({statistics.median(processor):.1f} s in Python; median of {times}), {queries[0]} queries, "
		f"memory up to {memory:.0f} MB ({before:.0f} MB before), kept as {kept / 1024:.0f} KB"
	)
	for place in range(len(steps) - 1):
		spent = [ends[1] - begins[1] for begins, ends in zip(steps[place], steps[place + 1], strict=True)]
		print(f"  {steps[place][0][0]:24} {statistics.median(spent):6.2f} s")


if __name__ == "__main__":
	main()
