"""The deadline of a target: this app beside businesstimedelta and ERPNext, for the same starts in one run.

    python benchmarks/deadline.py [--bench PATH --site NAME] [--starts N]

businesstimedelta is measured where it can be imported (pip install businesstimedelta). ERPNext is measured by the bench's
own interpreter, in a transaction that is rolled back. Every peer is compared with this app in the same process. A working
day is one window, as ERPNext knows no lunch; holidays are the same for all. Exit status 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import time as clock
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ops_delivery.domain.calendar import DayException, Window, WorkCalendar

HOUR = 3600
TARGET = 40 * HOUR
OPENS, CLOSES = time(9), time(17)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
# China's public holidays, as they fall on weekdays, and as far ahead as the peers look
MONTH_DAYS = (
	(1, 1),
	(2, 17),
	(2, 18),
	(2, 19),
	(2, 20),
	(4, 6),
	(5, 1),
	(5, 4),
	(6, 19),
	(9, 25),
	(10, 1),
	(10, 2),
	(10, 5),
)
HOLIDAYS = [date(year, month, day) for year in range(2026, 2031) for month, day in MONTH_DAYS]

FASTER_GOAL = 50  # times faster than each peer
SPAN_GOAL = 1.5  # a 400-hour target against a 4-hour one


def main() -> int:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--bench", type=Path, help="a Frappe bench with ERPNext")
	parser.add_argument("--site", help="a site of that bench")
	parser.add_argument("--starts", type=int, default=300)
	parser.add_argument("--seed", type=int, default=2026)
	parser.add_argument("--erpnext-worker", action="store_true", help=argparse.SUPPRESS)
	args = parser.parse_args()
	if args.erpnext_worker:
		json.dump(erpnext_rows(**json.load(sys.stdin)), sys.__stdout__)
		return 0
	if bool(args.bench) != bool(args.site):
		parser.error("--bench and --site go together")

	starts = random_starts(args.starts, args.seed)
	print(
		f"Deadline of a 40-hour target, Monday to Friday 09:00-17:00, {len(HOLIDAYS)} holidays, {len(starts)} starts"
	)
	print(f"{'':44}{'each':>12}{'this app':>12}{'is faster':>12}   same deadlines")
	ratios = [
		report(*row)
		for row in (businesstimedelta_rows(starts), *bench_rows(args.bench, args.site, starts))
		if row
	]
	span = report_span(starts)
	return 0 if all(ratio >= FASTER_GOAL for ratio in ratios) and span <= SPAN_GOAL else 1


def random_starts(count: int, seed: int) -> list[datetime]:
	"""Whole seconds of 2026 and 2027 at any time of day, UTC."""
	rng = random.Random(seed)
	first = datetime(2026, 1, 1, tzinfo=timezone.utc)
	return [first + timedelta(seconds=rng.randrange(730 * 86_400)) for _ in range(count)]


def our_calendar() -> WorkCalendar:
	window = Window.parse(OPENS, CLOSES)
	holidays = [DayException(day, "holiday") for day in HOLIDAYS]
	return WorkCalendar("UTC", {weekday: [window] for weekday in range(5)}, holidays)


def measure(starts, *deadlines, rounds: int = 7, at_least: float = 0.1) -> tuple[list[float], list[list]]:
	"""(seconds a call, what was found) of each function: its best of rounds of at least some seconds.

	The functions take turns, so that a machine busy with something else is busy for all of them.
	"""
	found = [[deadline(start) for start in starts] for deadline in deadlines]  # also warms up
	best = [float("inf")] * len(deadlines)
	for _ in range(rounds):
		for which, deadline in enumerate(deadlines):
			calls, began = 0, clock.perf_counter()
			while (took := clock.perf_counter() - began) < at_least:
				for start in starts:
					deadline(start)
				calls += len(starts)
			best[which] = min(best[which], took / calls)
	return best, found


def businesstimedelta_rows(starts):
	try:
		import businesstimedelta
		import pytz
	except ImportError:
		print("businesstimedelta: cannot be imported here, so it is not measured")
		return None
	from importlib.metadata import version

	rules = businesstimedelta.Rules(
		[
			businesstimedelta.WorkDayRule(OPENS, CLOSES, [0, 1, 2, 3, 4], tz=pytz.utc),
			businesstimedelta.HolidayRule(set(HOLIDAYS), tz=pytz.utc),
		]
	)
	target = businesstimedelta.BusinessTimeDelta(rules, seconds=TARGET)
	add = our_calendar().add
	times, found = measure(starts, lambda start: add(start, TARGET), lambda start: start + target)
	same = sum(a == b for a, b in zip(*found, strict=True))
	return f"businesstimedelta {version('businesstimedelta')}", *times, same, len(starts)


def bench_rows(bench: Path | None, site: str | None, starts):
	"""ERPNext's row, measured by the bench's interpreter on the same starts; none without a bench."""
	if not bench:
		print("ERPNext: give --bench and --site to measure it")
		return []
	done = subprocess.run(
		[bench / "env" / "bin" / "python", Path(__file__).resolve(), "--erpnext-worker"],
		input=json.dumps({"site": site, "starts": [start.timestamp() for start in starts]}),
		cwd=bench / "sites",
		stdout=subprocess.PIPE,
		text=True,
		check=True,
	)
	return [json.loads(done.stdout)]


def erpnext_rows(site: str, starts: list[float]):
	"""Run by a bench's interpreter in its sites folder. Naive datetimes, as ERPNext has them; nothing is kept."""
	import erpnext
	import frappe
	from erpnext.support.doctype.service_level_agreement.service_level_agreement import get_expected_time_for

	frappe.init(site=site)
	frappe.connect()
	name = f"benchmark {clock.time_ns()}"
	try:
		frappe.get_doc(
			{
				"doctype": "Holiday List",
				"holiday_list_name": name,
				"from_date": HOLIDAYS[0],
				"to_date": HOLIDAYS[-1],
				"holidays": [{"holiday_date": day, "description": "off"} for day in HOLIDAYS],
			}
		).insert()
		opens, closes = timedelta(hours=OPENS.hour), timedelta(hours=CLOSES.hour)
		level = {
			"resolution_time": TARGET,
			"holiday_list": name,
			"support_and_resolution": [
				frappe._dict(workday=day, start_time=opens, end_time=closes) for day in WEEKDAYS
			],
		}
		add = our_calendar().add
		both = [datetime.fromtimestamp(start, timezone.utc) for start in starts]
		both = [(start, start.replace(tzinfo=None)) for start in both]
		times, found = measure(
			both,
			lambda start: add(start[0], TARGET),
			lambda start: get_expected_time_for("resolution", level, start[1]),
		)
	finally:
		frappe.db.rollback()
		frappe.clear_document_cache("Holiday List", name)
		frappe.destroy()
	same = sum(a.replace(tzinfo=None) == b for a, b in zip(*found, strict=True))
	return f"ERPNext {erpnext.__version__}", *times, same, len(starts)


def report(peer: str, ours: float, theirs: float, same: int, count: int) -> float:
	ratio = theirs / ours
	print(f"{peer:44}{theirs * 1e6:9.2f} µs{ours * 1e6:9.2f} µs{ratio:10.0f} x   {same} of {count}")
	return ratio


def report_span(starts) -> float:
	began = clock.perf_counter()
	calendar = our_calendar()
	calendar.add(starts[0], TARGET)
	laid = clock.perf_counter() - began
	(short, long), _ = measure(
		starts, lambda start: calendar.add(start, 4 * HOUR), lambda start: calendar.add(start, 400 * HOUR)
	)
	print(
		f"This app, a target of 4 h {short * 1e6:.2f} µs, of 400 h {long * 1e6:.2f} µs: {long / short:.2f} x"
	)
	print(
		f"This app, a new calendar with its first deadline: {laid * 1e3:.1f} ms (Python {platform.python_version()})"
	)
	return long / short


if __name__ == "__main__":
	sys.exit(main())
