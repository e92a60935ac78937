"""What the figures of an agreement's amounts cost: two amounts with 5,000 entries, and one more draw on them (5.4.a).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	python APP/benchmarks/amounts.py SITE [--entries 5000]

Everything is taken away in the end: nothing is committed.
"""

import argparse
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe

TIMES = 9


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--entries", type=int, default=5_000)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	try:
		_measure(arguments.entries)
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _measure(entries: int) -> None:
	import amounts_scene as scene

	from ops_delivery.services.amounts import figures, ledger, sources

	agreement = scene.agreement(
		scene.amount("Visits", quantity=entries, per="Month"),
		scene.amount("Hours", counts="Hours", quantity=entries, per="Quarter", carry_periods=2),
	)
	version = figures.versions.of(agreement.name).named(agreement.name)
	first = date(2026, 1, 1)
	lines = [
		ledger.line(version, version.rows[number % 2], first + timedelta(days=number % 365), ledger.DRAWN, 1 + number % 3, (sources.SHEET, f"BENCH-{number}", "", 1))
		for number in range(entries)
	]
	for start in range(0, entries, 500):
		ledger.bulk.insert(ledger.ENTRY, ledger.FIELDS, lines[start : start + 500])
	shown = [_seconds(lambda: figures.of_agreement(agreement.name)) for _time in range(TIMES)]
	work = sources.Work(sources.SHEET, "BENCH-NEW", "", agreement.name, date(2026, 6, 1), hours=2)
	drawn = [_seconds(lambda number=number: ledger.settle(sources.SHEET, f"BENCH-NEW-{number}", sources.takes([work._replace(name=f"BENCH-NEW-{number}")]))) for number in range(TIMES)]
	print(f"{entries:,} entries: figures {1000 * statistics.median(shown):.0f} ms, one more draw on both {1000 * statistics.median(drawn):.0f} ms (medians of {TIMES})")


def _seconds(call) -> float:
	began = time.perf_counter()
	call()
	return time.perf_counter() - began


if __name__ == "__main__":
	main()
