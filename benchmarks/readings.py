"""What a million readings cost: the overview of 2,000 objects, and the trend of one metric over two years (8.3.a.1, 8.3.b.3).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/readings.py SITE [--readings 1000000] [--objects 2000] [--steps 10] [--metric 105120] [--hourly 17520]

The database makes the readings in sets: objects with steps that are read on rounds over two years, and two metrics that machines
read every ten minutes and every hour. Measured are Object State and Reading Day worked out anew, the overview, and trends of these metrics as the
endpoints give them, with a fresh process's memory. Beside them stands what it would cost to look for the last readings among all
of them, and to count each reading for a trend. Everything is taken away in the end.
"""

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records

PREFIX, MACHINE = "BENCH-", "BENCH-M"
DAY = "2030-03-11"
OBJECT, READING, STATE, COUNTED = "Service Object", "Routine Reading", "Object State", "Reading Day"
DAYS, MINUTES, CHUNK, ROUNDS = 730, 10, 50_000, 7
# a value that climbs slowly with a swing: about one in a hundred is at risk, one in a thousand abnormal
NUMBER = "20 + 4 * SIN(seq / 40) + MOD(seq * 7919, 100) / 40"
VERDICT = f"CASE WHEN {NUMBER} > 26.45 THEN 'Abnormal' WHEN {NUMBER} > 26.3 THEN 'At Risk' ELSE 'Normal' END"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--readings", type=int, default=1_000_000)
	parser.add_argument("--objects", type=int, default=2_000)
	parser.add_argument("--steps", type=int, default=10)
	parser.add_argument("--metric", type=int, default=105_120)
	parser.add_argument("--hourly", type=int, default=17_520)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	with own_records.taken_away(_what_the_database_made):
		_build(arguments)
		_measure(arguments)
	frappe.destroy()


def _build(given: argparse.Namespace) -> None:
	import routine_scene as scene
	import scenario

	began = time.monotonic()
	agreement = scenario.agreement(start_date="2028-01-01", end_date="2031-12-31")
	# the last step is the machines'
	titles = [{"task": "Server room", "step": f"Temperature {number}"} for number in range(given.steps + 1)]
	manual = scene.in_use(steps=[{**scene.STEPS[0], **title} for title in titles])
	keys = [row.step_key for row in manual.steps]
	pattern, key = scene.thing(agreement.customer), keys.pop()
	frappe.db.commit()
	_insert_objects(pattern, given.objects)
	rounds = max(1, (given.readings - given.metric - given.hourly) // (given.objects * given.steps))
	common = {"customer": agreement.customer, "manual": manual.name, "step": "Temperature", "unit": "℃", "is_number": 1}
	# reading n: of object n mod objects, step (n div objects) mod steps, and the round that follows from both
	thing, step = f"CONCAT('{PREFIX}', LPAD(MOD(seq, {given.objects}) + 1, 5, '0'))", f"MOD(seq DIV {given.objects}, {given.steps})"
	step_key = f"ELT(1 + {step}, {', '.join(frappe.db.escape(one) for one in keys)})"
	read_on = f"'{DAY} 08:00:00' - INTERVAL (seq DIV {given.objects * given.steps}) * {max(1, DAYS // rounds)} DAY"
	task = f"CONCAT('{PREFIX}', seq DIV {given.objects * given.steps})"
	_insert_readings(rounds * given.objects * given.steps, common, {"service_object": thing, "step_key": step_key, "read_on": read_on, "task": task})
	for number, (minutes, count) in enumerate(((MINUTES, given.metric), (60, given.hourly)), 1):
		made = {"service_object": f"'{PREFIX}{number:05}'", "step_key": f"'{key}'", "read_on": f"'{DAY} 08:00:00' - INTERVAL seq * {minutes} MINUTE"}
		_insert_readings(count, common, made, f"{MACHINE}{number}-")
	frappe.db.sql_ddl(f"ANALYZE TABLE `tab{READING}`")
	given.key, given.other, given.customer = key, keys[3], agreement.customer
	count = frappe.db.count(READING, {"name": ["like", f"{PREFIX}%"]})
	print(f"{count:,} readings of {given.objects:,} objects with {given.steps} steps, made in {time.monotonic() - began:.0f} s", flush=True)


def _insert_objects(pattern: str, count: int) -> None:
	columns = frappe.db.get_table_columns(OBJECT)
	own = "CONCAT(%(prefix)s, LPAD(seq, 5, '0'))"
	values = [own if column in ("name", "object_name") else f"`{column}`" for column in columns]
	frappe.db.sql(
		f"INSERT INTO `tab{OBJECT}` ({', '.join(f'`{column}`' for column in columns)}) SELECT {', '.join(values)} "
		f"FROM (SELECT * FROM `tab{OBJECT}` WHERE name = %(pattern)s) pattern, seq_1_to_{count}",
		{"prefix": PREFIX, "pattern": pattern},
	)
	frappe.db.delete(OBJECT, {"name": pattern})
	frappe.db.commit()


def _insert_readings(count: int, common: dict, made: dict, prefix: str = PREFIX) -> None:
	"""As hashes are named: no reading lies beside the one before it."""
	fixed = {name: frappe.db.escape(value) for name, value in common.items()}
	columns = {
		**{"name": f"CONCAT('{prefix}', LEFT(MD5(CONCAT('{prefix}', seq)), 12))", **made},
		**{"number": NUMBER, "value": f"ROUND({NUMBER}, 2)", "verdict": VERDICT, **fixed},
		**dict.fromkeys(("creation", "modified"), f"'{DAY} 08:00:00'"),
		**dict.fromkeys(("owner", "modified_by", "read_by"), "'Administrator'"),
	}
	for start in range(0, count, CHUNK):
		end = min(start + CHUNK, count) - 1
		frappe.db.sql(
			f"INSERT INTO `tab{READING}` ({', '.join(f'`{name}`' for name in columns)}) "
			f"SELECT {', '.join(columns.values())} FROM seq_{start}_to_{end}"
		)
		frappe.db.commit()


def _measure(given: argparse.Namespace) -> None:
	import routine_scene as scene

	from ops_delivery.services.routine import object_overview, object_states, reading_days, trend_page, trends

	with scene.at(DAY, "12:00"):
		began = time.perf_counter()
		objects = [f"{PREFIX}{number:05}" for number in range(1, given.objects + 1)]
		states = object_states.rebuild(objects)
		frappe.db.commit()
		print(f"Object State worked out anew: {states:,} rows in {time.perf_counter() - began:.1f} s", flush=True)
		began = time.perf_counter()
		days = reading_days.rebuild(objects)
		frappe.db.commit()
		print(f"Reading Day counted anew: {days:,} rows in {time.perf_counter() - began:.1f} s", flush=True)
		look = object_overview.overview
		_tell("overview, the first 100", lambda: look(given.customer))
		_tell("overview, abnormal alone", lambda: look(given.customer, state="Abnormal"))
		_tell("overview, of a search", lambda: look(given.customer, search="00042"))
		_tell("without Object State: the last readings alone", _among_all, rounds=3)
		_tell("trend, read on rounds, two years", lambda: trend_page.of(f"{PREFIX}00007", given.other, DAYS, ""))
		for number, count in ((2, given.hourly), (1, given.metric)):
			for bucket in ("day", "month"):
				thing = f"{PREFIX}{number:05}"
				_tell(f"trend, {count:,} readings, by {bucket}", lambda thing=thing, bucket=bucket: trend_page.of(thing, given.key, DAYS, bucket))
		with patch.object(trends, "_days", _each_reading):
			_tell(f"the same of each reading, {given.metric:,}, by day", lambda: trend_page.of(f"{PREFIX}00001", given.key, DAYS, "day"), rounds=3)
		_tell("noting 100 readings: states", lambda: object_states.note(_new(given)))
		_tell("noting 100 readings: days", lambda: reading_days.note(_new(given)))


def _among_all() -> None:
	from frappe.query_builder import functions as fn

	reading = frappe.qb.DocType(READING)
	last = (
		frappe.qb.from_(reading)
		.select(reading.service_object, reading.step_key, fn.Max(reading.read_on).as_("read_on"))
		.where(reading.verdict != "Not Taken")
		.groupby(reading.service_object, reading.step_key)
	)
	(
		frappe.qb.from_(reading)
		.join(last)
		.on((reading.service_object == last.service_object) & (reading.step_key == last.step_key) & (reading.read_on == last.read_on))
		.select(reading.service_object, reading.verdict, fn.Count("*"))
		.groupby(reading.service_object, reading.verdict)
	).run()


def _each_reading(thing, step_key: str, since) -> list:
	"""The days as they were counted for each look before there were rows of them."""
	from ops_delivery.services.routine import reading_days, trends

	reading = frappe.qb.DocType(READING)
	query = reading_days._counting(reading).where((reading.service_object == thing.name) & (reading.step_key == step_key))
	return [
		trends.Span(day, count, float(least), float(mean), float(most), int(risk), int(bad))
		for *_key, day, count, least, mean, _rest, most, risk, bad in sorted(query.where(reading.read_on >= since).run(), key=lambda row: row[3])
	]


def _new(given: argparse.Namespace) -> list[dict]:
	moment = frappe.utils.get_datetime(f"{DAY} 11:00:00")
	return [
		{
			**{"service_object": f"{PREFIX}{number:05}", "step_key": given.other, "customer": given.customer, "verdict": "Normal"},
			**{"read_on": moment, "value": "21", "is_number": 1},
		}
		for number in range(1, 101)
	]


def _tell(what: str, work, rounds: int = ROUNDS) -> None:
	queries, execute, seconds = [0], frappe.db.sql, []

	def counted(*args, **kwargs):
		queries[0] += 1
		return execute(*args, **kwargs)

	for _round in range(rounds + 1):  # the first, uncounted, fills caches
		queries[0] = 0
		with patch.object(frappe.db, "sql", counted):
			began = time.perf_counter()
			work()
			seconds.append(time.perf_counter() - began)
	memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
	print(
		f"{what:46} {1000 * statistics.median(seconds[1:]):>7.0f} ms (first {1000 * seconds[0]:.0f}, most {1000 * max(seconds[1:]):.0f}), "
		f"{queries[0]} queries, memory up to {memory:.0f} MB",
		flush=True,
	)


def _what_the_database_made() -> None:
	for doctype in (STATE, COUNTED):
		frappe.db.delete(doctype, {"service_object": ["like", f"{PREFIX}%"]})
	while frappe.db.exists(READING, {"name": ["like", f"{PREFIX}%"]}):
		frappe.db.sql(f"DELETE FROM `tab{READING}` WHERE name LIKE %s LIMIT {CHUNK}", (f"{PREFIX}%",))
		frappe.db.commit()
	frappe.db.delete(OBJECT, {"name": ["like", f"{PREFIX}%"]})


if __name__ == "__main__":
	main()
