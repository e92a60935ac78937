"""What a day of routine work costs: the tasks of 1,000 and of 10,000 due schedules among 10,000 (6.2.a).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/routine.py SITE [--schedules 10000] [--due 1000]

Two schedules are made as people make them (weekly, two objects, dates on days off move to the next working day), one due on the
day and one a month later, and copied by the database. Measured are the run that makes the day's tasks, the same run again, which
must make none, and a day on which all schedules are due. Everything is taken away in the end.
"""

import argparse
import resource
import sys
import time
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records

EVE, DAY, ALL = "2030-03-10", "2030-03-11", "2030-04-15"  # Mondays, the first a month before the others
PREFIX = "BENCH-"
SCHEDULE, TASK, OBJECT, PERSON = "Routine Schedule", "Routine Task", "Routine Object", "Routine Person"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--schedules", type=int, default=10_000)
	parser.add_argument("--due", type=int, default=1_000)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	with own_records.taken_away(_copies):
		_build(arguments.schedules, arguments.due)
		_tell("made", arguments.due, _run(DAY))
		_tell("the same again", 0, _run(DAY))
		_tell("all due", arguments.schedules, _run(ALL))
		_tell("the same again", 0, _run(ALL))
	frappe.destroy()


def _build(schedules: int, due: int) -> None:
	import routine_scene as scene
	import scenario

	began = time.monotonic()
	agreement = scenario.agreement(start_date="2030-01-01", end_date="2031-12-31")
	with scene.at(EVE):
		common = {"monday": 1, "thursday": 0, "lead_days": 0, "days_to_do": 1, "closed_days": "Moves After"}
		now = scene.schedule(agreement, first_date=DAY, every=5, **common)
		later = scene.schedule(agreement, first_date=ALL, every=5, manual=now.manual, **common)
	frappe.db.commit()
	_copy(now.name, "D", due)
	_copy(later.name, "L", schedules - due)
	for name in (now.name, later.name):
		frappe.db.delete(SCHEDULE, {"name": name})
	frappe.db.commit()
	print(f"{frappe.db.count(SCHEDULE, {'name': ['like', f'{PREFIX}%']}):,} schedules, built in {time.monotonic() - began:.0f} s")


def _copy(name: str, tag: str, copies: int) -> None:
	"""Copies of a schedule with its objects, made by the database."""
	own = f"CONCAT('{PREFIX}{tag}', nr)"
	_insert(SCHEDULE, copies, {"name": own}, ("name", name))
	_insert(OBJECT, copies, {"name": f"LEFT(MD5(CONCAT(name, '{tag}', nr)), 16)", "parent": own}, ("parent", name))


def _insert(doctype: str, copies: int, changed: dict[str, str], pattern: tuple[str, str]) -> None:
	columns = frappe.db.get_table_columns(doctype)
	values = [f"{changed[column]}" if column in changed else f"`{column}`" for column in columns]
	frappe.db.sql(
		f"INSERT INTO `tab{doctype}` ({', '.join(f'`{column}`' for column in columns)}) SELECT {', '.join(values)} "
		f"FROM (SELECT * FROM `tab{doctype}` WHERE `{pattern[0]}` = %s) pattern, (SELECT seq AS nr FROM seq_1_to_{copies}) numbers",
		(pattern[1],),
	)
	frappe.db.commit()


def _run(day: str) -> dict[str, float]:
	"""Seconds, seconds in Python, queries, tasks that were made, and the process's memory at its highest (MB)."""
	import routine_scene as scene

	from ops_delivery.services.routine import generation

	before, queries, execute = _tasks(), [0], frappe.db.sql

	def counted(*args, **kwargs):
		queries[0] += 1
		return execute(*args, **kwargs)

	with scene.at(day), patch.object(frappe.db, "sql", counted):
		began, processor = time.perf_counter(), time.process_time()
		generation.run()
		seconds, processor = time.perf_counter() - began, time.process_time() - processor
	return {
		"seconds": seconds,
		"python": processor,
		"queries": queries[0],
		"tasks": _tasks() - before,
		"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
	}


def _tasks() -> int:
	return frappe.db.count(TASK, {"schedule": ["like", f"{PREFIX}%"]})


def _tell(what: str, wanted: int, found: dict[str, float]) -> None:
	assert found["tasks"] == wanted, (what, found)
	print(
		f"{what:16} {found['tasks']:>7,} tasks {found['seconds']:>7.2f} s ({found['python']:.2f} s in Python), "
		f"{found['queries']:,} queries, memory up to {found['memory']:.0f} MB",
		flush=True,
	)


def _copies() -> None:
	for doctype in (OBJECT, PERSON):
		frappe.db.delete(doctype, {"parent": ["like", f"{PREFIX}%"]})
	frappe.db.delete(TASK, {"schedule": ["like", f"{PREFIX}%"]})
	frappe.db.delete(SCHEDULE, {"name": ["like", f"{PREFIX}%"]})


if __name__ == "__main__":
	main()
