"""What it costs to take readings and alerts from machines: 10,000 readings by the endpoint, and a storm of alerts (6.2.b.4).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/machine_readings.py SITE [--readings 10000] [--objects 100] [--alerts 500]

A customer with an agreement, objects, a manual and a source are made; the messages go through the whole of Frappe (token, JSON or
CSV, commit) and are sent once more, which must keep nothing. Everything is taken away in the end.
"""

import argparse
import json
import resource
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records

RUNS = (  # what, seconds later, CSV, messages
	("one message, JSON", 0, False, 1),
	("the same again", 0, False, 1),
	("ten messages, CSV", 1, True, 10),
	("the same again", 1, True, 10),
)
READING, STEP = "Routine Reading", "Read the temperature"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--readings", type=int, default=10_000)
	parser.add_argument("--objects", type=int, default=100)
	parser.add_argument("--alerts", type=int, default=500)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	sources: list[str] = []
	with own_records.taken_away(lambda: frappe.db.delete(READING, {"source": ["in", sources or [""]]})):
		import monitoring_scene
		import routine_scene

		w = monitoring_scene.world(object_by="ID")
		sources.append(w.source.name)
		things = [routine_scene.thing(w.customer) for _number in range(arguments.objects)]
		frappe.db.commit()
		now = datetime.now(timezone.utc).replace(microsecond=0)
		machine = monitoring_scene.machine(arguments.site, w.token)
		for what, first, is_csv, parts in RUNS:
			lines = list(_lines(things, arguments.readings, now, first))
			size = -(-len(lines) // parts)
			bodies = [_body(lines[begin : begin + size], is_csv) for begin in range(0, len(lines), size)]
			began, kept = time.perf_counter(), 0
			for body in bodies:
				answer = machine("readings", body, "text/csv" if is_csv else "application/json")
				assert answer.status == 200, answer.text[:500]
				kept += answer.json["message"]["kept"]
			seconds = time.perf_counter() - began
			assert kept == (0 if "again" in what else len(lines)), (what, kept)
			memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
			print(
				f"{what:18} {sum(map(len, bodies)) / 1e6:.2f} MB {kept:>7,} kept {seconds:>6.2f} s, memory up to {memory:.0f} MB", flush=True
			)
		storm = {"alerts": [{"id": f"a{number}", "title": "Hot", "object": things[number % len(things)]} for number in range(arguments.alerts)]}
		for what, result in (("alerts", "opened"), ("the same again", "known")):
			began = time.perf_counter()
			answer = machine("alerts", json.dumps(storm))
			seconds, lines = time.perf_counter() - began, answer.json["message"]["answers"]
			assert [line["result"] for line in lines] == [result] * arguments.alerts, answer.text[:500]
			print(f"{what:18} {len(lines):>7,} {result} {seconds:>6.2f} s", flush=True)
	frappe.destroy()


def _lines(things: list[str], count: int, now: datetime, first: int):
	"""Values of each object a minute apart, the latest an hour ago; `first`: so many seconds later than others."""
	start = now - timedelta(hours=1, minutes=count // len(things))
	for number in range(count):
		minute, thing = divmod(number, len(things))
		when = start + timedelta(minutes=minute, seconds=first)
		yield {"object": things[thing], "metric": STEP, "value": 20 + number % 17 / 4, "unit": "°C", "time": when.isoformat()}


def _body(lines: list[dict], is_csv: bool) -> str:
	if not is_csv:
		return json.dumps({"readings": lines})
	return "\n".join([",".join(lines[0]), *(",".join(map(str, line.values())) for line in lines)])


if __name__ == "__main__":
	main()
