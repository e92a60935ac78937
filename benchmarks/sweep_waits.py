"""How long a save of an Issue waits for the sweep: four sweeps at once, 238 due triggers, and somebody who saves meanwhile.

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/sweep_waits.py SITE [--sweeps 4] [--due 238]

Each due Issue has an alarm that tells its engineer and a manager on the desk and by e-mail, and a step that raises the
priority and gives the Issue to an expert (which Frappe tells by e-mail as well); so a sweep writes much and saves Issues
itself. Each sweep is a process of its own. Meanwhile Issues are saved and reported one after the other, half of
them such as are due, the others not; measured is each from reading the Issue to the end of its commit. The same saves
without a sweep go before. What was made is taken away at the end.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import traces

TRIGGERS_EACH = 3  # the alarm, the step that acts, and the mark that the deadline has passed
ENGINEERS = 20
START_SECONDS = 8  # what a sweep's process takes until it is ready
GOAL_SECONDS = 0.5


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--sweeps", type=int, default=4)
	parser.add_argument("--due", type=int, default=238)
	parser.add_argument("--sweep-at", help=argparse.SUPPRESS)
	parser.add_argument("--begin", type=float, help=argparse.SUPPRESS)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True  # nothing leaves the site; the e-mails are queued all the same
	try:
		if arguments.sweep_at:
			_sweep(datetime.fromisoformat(arguments.sweep_at), arguments.begin)
		else:
			_measure(arguments)
	finally:
		frappe.destroy()


def _sweep(moment: datetime, begin: float) -> None:
	"""One of the sweeps, in its own process: run by run until nothing is left, as the scheduler does."""
	import scenario

	from ops_delivery.services.escalation import sweep

	time.sleep(max(0, begin - time.time()))
	began, fired, failed = time.monotonic(), 0, 0
	with scenario.at(moment):
		while True:
			outcome = sweep.run()
			fired, failed = fired + outcome["fired"] + outcome["missed"], failed + outcome["failed"]
			if not outcome["left"] or time.monotonic() - began > 120:
				break
	print(json.dumps({"seconds": time.monotonic() - began, "fired": fired, "failed": failed}))


def _measure(arguments) -> None:
	import scenario

	began = frappe.utils.now()
	try:
		moment, due, resting = _world(scenario, -(-arguments.due // TRIGGERS_EACH))
		number = _due(moment)
		with scenario.at(moment - timedelta(minutes=1)):
			alone, _conflicts = _save(resting + due, until=lambda done: done >= 60)
		processes = [_start(arguments.site, moment) for _ in range(arguments.sweeps)]
		time.sleep(START_SECONDS)
		with scenario.at(moment):
			times, conflicts = _save(
				[name for pair in zip(due, _cycle(resting, len(due)), strict=True) for name in pair],
				until=lambda _done: all(process.poll() is not None for process in processes),
			)
		outcomes = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
		frappe.db.rollback()
		_report(number, alone, times, conflicts, outcomes, _due(moment))
	finally:
		_clean_up(began)


def _world(scenario, issues: int):
	import factories

	engineers = [factories.make_user(roles=["Field Engineer"]).name for _ in range(ENGINEERS)]
	expert = factories.make_user(roles=["Technical Expert"]).name
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	for user in (*engineers, expert, manager):
		frappe.db.set_value("Notification Settings", user, {"enabled": 1, "enable_email_notifications": 1})
	factories.make_email_account()
	at = {"moment": "At", "ignore_quiet_hours": 1}
	policy = scenario.policy(
		[
			{**at, "step_name": "Alarm", "kind": "Alarm", "notify_managers": 1},
			{
				**at,
				"step_name": "Expert",
				"kind": "Expert Route",
				"notify_assignee": 0,
				"notify_experts": 1,
				"raise_priority": 1,
				"reassign_to": "Senior Expert",
			},
		]
	)
	agreement = scenario.agreement(
		escalation_policy=policy.name,
		contacts=[
			{"contact_role": "Escalation Manager", "level": 1, "user": manager},
			{"contact_role": "Senior Expert", "level": 1, "user": expert},
		],
	)
	frappe.db.commit()
	start = scenario.MONDAY
	due = [_issue(scenario, agreement, start, engineers[n % ENGINEERS]) for n in range(issues)]
	resting = [_issue(scenario, agreement, start, None, ops_urgency="Not Urgent") for _ in range(20)]
	return start + timedelta(hours=9), due, resting  # eight hours of service time and an hour's lunch


def _issue(scenario, agreement, moment: datetime, engineer: str | None, **values) -> str:
	from frappe.desk.form import assign_to

	restored = moment.astimezone(scenario.ZONE).replace(tzinfo=None)
	issue = scenario.judge_valid(
		scenario.issue(agreement, moment), moment, status="Replied", ops_restored_on=restored, **values
	)
	if engineer:
		assign_to.add({"doctype": "Issue", "name": issue.name, "assign_to": [engineer]})
	frappe.db.commit()
	return issue.name


def _due(moment: datetime) -> int:
	filters = {"state": "Pending", "run_epoch": ["<=", int(moment.timestamp())]}
	return frappe.db.count("Service Clock Trigger", filters)


def _start(site: str, moment: datetime) -> subprocess.Popen:
	return subprocess.Popen(
		[
			sys.executable,
			__file__,
			site,
			"--sweep-at",
			moment.isoformat(),
			"--begin",
			str(time.time() + START_SECONDS),
		],
		stdout=subprocess.PIPE,
		text=True,
	)


def _save(names: list[str], until) -> tuple[list[float], int]:
	"""Seconds of each save, and how many found that a sweep had saved the same Issue in between."""
	times, conflicts = [], 0
	customer = frappe.db.get_value("Issue", names[0], "customer")
	while not until(len(times)):
		name = names[len(times) % len(names)]
		began = time.perf_counter()
		try:
			if len(times) % 5 == 4:
				values = {"doctype": "Issue", "subject": "Waits", "customer": customer, "description": "-"}
				frappe.get_doc(values).insert()
			else:
				issue = frappe.get_doc("Issue", name)
				issue.subject = f"Saved {len(times)}"
				issue.save()
			frappe.db.commit()
		except frappe.TimestampMismatchError:
			frappe.db.rollback()
			conflicts += 1
		times.append(time.perf_counter() - began)
	return times, conflicts


def _cycle(names: list[str], number: int) -> list[str]:
	return [names[n % len(names)] for n in range(number)]


def _report(due: int, alone, times, conflicts: int, outcomes, left: int) -> None:
	for title, seconds in (("without a sweep", alone), (f"beside {len(outcomes)} sweeps", times)):
		middle, most = statistics.median(seconds), max(seconds)
		p95 = statistics.quantiles(seconds, n=20)[-1]
		print(
			f"{title:20} {len(seconds):5} saves: median {middle:.3f} s, p95 {p95:.3f} s, longest {most:.3f} s"
		)
	print(
		f"{due} due triggers, {sum(outcome['fired'] for outcome in outcomes)} fired, "
		f"{sum(outcome['failed'] for outcome in outcomes)} failed, {left} left, in "
		f"{max(outcome['seconds'] for outcome in outcomes):.1f} s; {conflicts} saves found the Issue just changed"
	)
	longest = max(times) - statistics.median(alone)
	print(f"longest wait {longest:.3f} s, goal {GOAL_SECONDS} s: {'kept' if longest <= GOAL_SECONDS else 'MISSED'}")


def _clean_up(began: str) -> None:
	"""Take away everything of these types that is newer than the start."""
	frappe.db.rollback()
	clocks = frappe.get_all("Service Clock", {"creation": [">=", began]}, pluck="name")
	frappe.db.delete("Service Clock Trigger", {"clock": ["in", clocks or [""]]})
	traces.take_away(
		began,
		"Escalation Log Recipient",
		"Escalation Log",
		"Service Clock Event",
		"Service Clock",
		"Service Notice",
		"Issue",
		"ToDo",
		"Comment",
		"Communication",
		"Version",
		"Notification Log",
		"Notification Settings",
		"Email Queue Recipient",
		"Email Queue",
		"Email Account",
		*traces.AGREEMENT,
	)


if __name__ == "__main__":
	main()
