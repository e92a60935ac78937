"""From due to told: how long after a deadline the person to be told has it on the desk, with real processes.

Run from a bench's sites/ folder with the bench's Python; nothing else may work for this bench meanwhile:
	python APP/benchmarks/latency.py SITE [--samples 12] [--jobs 300] [--job-seconds 2]

Starts the two processes that a bench has for this, `bench schedule` and one `bench worker`, with their defaults.
Issues are reported one after the other; each has a deadline of its own about a minute later, whose alarm tells a
manager. Measured is from that deadline to the manager's Notification Log. First with an empty queue, then behind
many jobs in the default queue, at last without a worker: how soon the health check says that the sweep lags.
What was made is taken away at the end.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records

TARGET_SECONDS = 60
EVERY_SECONDS = 17  # the deadlines fall on different seconds of the scheduler's minute
COMMITMENT = "First Response"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--samples", type=int, default=12)
	parser.add_argument("--jobs", type=int, default=300)
	parser.add_argument("--job-seconds", type=int, default=2)
	parser.add_argument("--skip-health", action="store_true")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	_nobody_else_works()
	made: list[tuple[str, str]] = []
	with own_records.taken_away(lambda: _what_the_engine_wrote(made)), _scheduler_enabled():
		agreement, manager = _agreement()
		with _processes("schedule", "worker"):
			time.sleep(65)  # the first tick
			_report("empty queue", _measure(agreement, manager, arguments.samples, made))
			jobs = _clog(arguments.jobs, arguments.job_seconds)
			try:
				_report(
					f"{arguments.jobs} jobs of {arguments.job_seconds} s in front, one worker",
					_measure(agreement, manager, arguments.samples, made),
				)
				print(f"  (at the end {_waiting(jobs)} of the jobs were still waiting)")
			finally:
				_unclog(jobs)
		if not arguments.skip_health:
			_health(agreement, manager, made)
	print(
		"ERPNext's own SLA tells nobody when a deadline passes; a Frappe Notification on a date runs once a day."
	)
	frappe.destroy()


def _measure(agreement, manager: str, samples: int, made: list) -> list[float]:
	"""Seconds from each deadline to the manager's Notification Log."""
	issues = []
	for _ in range(samples):
		issues.append(_report_issue(agreement, made))
		time.sleep(EVERY_SECONDS)
	until = time.monotonic() + TARGET_SECONDS + 300
	while time.monotonic() < until:
		frappe.db.rollback()
		told = _told(issues, manager)
		if len(told) == samples:
			return told
		time.sleep(3)
	raise SystemExit(f"only {len(told)} of {samples} were told after five minutes")


def _report_issue(agreement, made: list) -> str:
	issue = frappe.get_doc(
		{"doctype": "Issue", "subject": "Latency", "customer": agreement.customer, "description": "-"}
	).insert()
	made.append(("Issue", issue.name))
	frappe.db.commit()
	return issue.name


def _told(issues: list[str], manager: str) -> list[float]:
	log, note = frappe.qb.DocType("Escalation Log"), frappe.qb.DocType("Notification Log")
	rows = (
		frappe.qb.from_(log)
		.join(note)
		.on((note.document_name == log.reference_name) & (note.for_user == manager))
		.select(log.due_on, note.creation)
		.where(log.reference_name.isin(issues) & (log.kind == "Alarm") & (log.commitment == COMMITMENT))
	).run()
	return [(created - due).total_seconds() for due, created in rows]


def _agreement():
	import factories
	import scenario

	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	calendar = factories.make(
		"Service Calendar",
		calendar_name=factories.unique("Always"),
		time_zone="Asia/Shanghai",
		windows=[
			{"weekday": day, "start_time": "00:00:00", "end_time": "24:00:00"}
			for day in (*scenario.WEEK, "Saturday", "Sunday")
		],
	)
	policy = scenario.policy(
		[{"step_name": "Alarm", "kind": "Alarm", "moment": "At", "notify_assignee": 0, "notify_managers": 1}]
	)
	agreement = scenario.agreement(
		submit=False, manager=manager, calendar=calendar.name, escalation_policy=policy.name
	)
	today = frappe.utils.getdate()
	agreement.update({"start_date": today, "end_date": frappe.utils.add_days(today, 30)})
	for row in agreement.targets:
		row.target = TARGET_SECONDS if row.commitment == COMMITMENT else 864000
	agreement.save()
	agreement.submit()
	frappe.db.commit()
	return agreement, manager


@contextmanager
def _processes(*commands: str):
	"""`bench schedule` and `bench worker` as a bench starts them; ended by their process ids."""
	started = []
	environment = {key: value for key, value in os.environ.items() if key != "CI"}
	try:
		for command in commands:
			started.append(
				subprocess.Popen(
					[sys.executable, "-m", "frappe.utils.bench_helper", "frappe", command],
					env=environment,
					stdout=subprocess.DEVNULL,
					stderr=subprocess.DEVNULL,
				)
			)
		yield started
	finally:
		for process in started:
			process.terminate()
		for process in started:
			try:
				process.wait(20)
			except subprocess.TimeoutExpired:
				process.kill()


def _clog(number: int, seconds: int) -> list[str]:
	names = [f"ops-benchmark-{frappe.generate_hash(length=8)}" for _ in range(number)]
	for name in names:
		frappe.enqueue(subprocess.run, queue="default", job_id=name, args=["sleep", str(seconds)])
	return names


def _waiting(names: list[str]) -> int:
	from frappe.utils.background_jobs import get_job_status

	return sum(str(get_job_status(name)).endswith("queued") for name in names)


def _unclog(names: list[str]) -> None:
	from frappe.utils.background_jobs import get_job

	for name in names:
		job = get_job(name)
		if job and job.get_status() == "queued":
			job.delete()


def _health(agreement, manager: str, made: list) -> None:
	"""Without scheduler and worker: how soon the health check says so."""
	from ops_delivery.services.engine import health

	issue = _report_issue(agreement, made)
	due = frappe.db.get_value("Service Clock", {"reference_name": issue, "commitment": COMMITMENT}, "due_on")
	while True:
		frappe.db.rollback()
		late = (frappe.utils.now_datetime() - due).total_seconds()
		status = health.status()
		if status["lag_seconds"] and any("waited" in message for message in status["messages"]):
			print(f"without a worker the health check says so {late:.0f} s after the deadline:")
			return print("".join(f"  {message}\n" for message in status["messages"]), end="")
		if late > 400:
			raise SystemExit("the health check has not noticed that nothing sweeps")
		time.sleep(5)


def _nobody_else_works() -> None:
	from frappe.utils.background_jobs import get_workers

	if get_workers():
		raise SystemExit("A worker of this bench is running. Stop it first: the benchmark starts its own.")


@contextmanager
def _scheduler_enabled():
	"""The site's scheduler on, and somebody has just logged in: else Frappe takes the site for dormant."""
	before = frappe.db.get_single_value("System Settings", "enable_scheduler")
	frappe.db.set_single_value("System Settings", "enable_scheduler", 1)
	log = frappe.get_doc(
		{"doctype": "Activity Log", "subject": "Latency", "operation": "Login", "user": "Administrator"}
	)
	frappe.local.request_ip = "127.0.0.1"
	log.insert(ignore_permissions=True)
	frappe.db.commit()
	frappe.clear_cache()
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.db.set_single_value("System Settings", "enable_scheduler", before)
		frappe.db.commit()
		frappe.clear_cache()


def _what_the_engine_wrote(made: list[tuple[str, str]]) -> None:
	issues = [name for doctype, name in made if doctype == "Issue"] or [""]
	clocks = frappe.get_all("Service Clock", {"reference_name": ["in", issues]}, pluck="name") or [""]
	logs = frappe.get_all("Escalation Log", {"reference_name": ["in", issues]}, pluck="name") or [""]
	for doctype, filters in (
		("Escalation Log Recipient", {"parent": ["in", logs]}),
		("Escalation Log", {"name": ["in", logs]}),
		("Service Clock Trigger", {"clock": ["in", clocks]}),
		("Service Clock Event", {"clock": ["in", clocks]}),
		("Service Clock", {"name": ["in", clocks]}),
		("Service Notice", {"reference_name": ["in", issues]}),
		("Communication", {"reference_name": ["in", issues]}),
		("Email Queue", {"reference_name": ["in", issues]}),
		("Notification Log", {"document_name": ["in", issues]}),
	):
		frappe.db.delete(doctype, filters)


def _report(what: str, seconds: list[float]) -> None:
	seconds = sorted(seconds)
	print(
		f"{what}: {len(seconds)} deadlines, told after {statistics.median(seconds):.0f} s (median), "
		f"{seconds[-1]:.0f} s at the latest, {seconds[0]:.0f} s at the earliest",
		flush=True,
	)


if __name__ == "__main__":
	main()
