"""What saving an Issue costs: bare ERPNext, ERPNext with its own SLA, and ERPNext with this app measuring it.

Run from a bench's sites/ folder with the bench's Python:
	python APP/benchmarks/saving.py SITE [--rounds 150]

The three are taken in turn (A B C A B C …) on one site in one process; what is saved is rolled back, and the set-up
(an agreement, an SLA) is taken away at the end. "Bare" is the site with this app's document hooks taken out. Prints the median milliseconds of an insert and of a status change, and the
medians of the ratios to bare, round by round: on the wall, and of this process's time on the processor.
"""

import argparse
import statistics
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import traces

VARIANTS = ("bare ERPNext", "ERPNext SLA", "ops_delivery")


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--rounds", type=int, default=150)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	import scenario

	began = frappe.utils.now()
	try:
		agreement = scenario.agreement()
		_erpnext_sla()
		frappe.db.commit()
		times = _measure(agreement.customer, arguments.rounds)
	finally:
		_clean_up(began)
	frappe.destroy()
	_report(times)


def _measure(customer: str, rounds: int):
	times = {variant: {"insert": [], "status change": []} for variant in VARIANTS}
	for number in range(rounds + 5):
		for variant in VARIANTS:
			with _only(variant):
				insert, change = _one(customer)
			frappe.db.rollback()
			if number >= 5:  # the first rounds warm caches
				times[variant]["insert"].append(insert)
				times[variant]["status change"].append(change)
	return times


def _clean_up(began: str) -> None:
	"""Take away what the set-up committed: everything of these types that is newer than the start."""
	frappe.db.rollback()
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 0)
	traces.take_away(
		began,
		*traces.AGREEMENT,
		"Holiday List",
		"Service Level Agreement",
		"Service Level Priority",
		"Service Day",
		"SLA Fulfilled On Status",
		"Pause SLA On Status",
	)


def _one(customer: str) -> tuple[tuple[float, float], tuple[float, float]]:
	frappe.local.cache = {}
	began = _clocks()
	issue = frappe.get_doc(
		{
			"doctype": "Issue",
			"subject": "Printer on floor 3",
			"customer": customer,
			"description": "It does not print",
		}
	).insert()
	inserted = _since(began)
	if frappe.flags.ops_benchmark_variant == "ops_delivery":
		assert issue.ops_agreement and issue.response_by, "this app must measure the Issue"
	elif frappe.flags.ops_benchmark_variant == "ERPNext SLA":
		assert issue.service_level_agreement and issue.response_by, "ERPNext's SLA must measure the Issue"
	frappe.local.cache = {}
	issue = frappe.get_doc("Issue", issue.name)
	issue.status = "Replied"
	began = _clocks()
	issue.save()
	return inserted, _since(began)


def _clocks() -> tuple[float, float]:
	return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float]) -> tuple[float, float]:
	"""Seconds on the wall, and of this process on the processor: what counts where others work on the machine."""
	wall, processor = _clocks()
	return wall - began[0], processor - began[1]


@contextmanager
def _only(variant: str):
	"""Document hooks as they are with one of the three variants, its rule chosen."""
	frappe.flags.ops_benchmark_variant = variant
	hooks = {
		doctype: {
			event: [
				handler
				for handler in handlers
				if (variant == "ops_delivery" or not handler.startswith("ops_delivery."))
				and (variant == "ERPNext SLA" or not handler.endswith("service_level_agreement.apply"))
			]
			for event, handlers in events.items()
		}
		for doctype, events in _all_hooks().items()
	}
	before = _all_hooks()
	frappe.local.doc_events_hooks = hooks
	try:
		yield
	finally:
		frappe.local.doc_events_hooks = before


def _all_hooks():
	if not hasattr(_all_hooks, "found"):
		_all_hooks.found = frappe.get_doc_hooks()
	return _all_hooks.found


def _erpnext_sla() -> None:
	"""ERPNext's own SLA for Issue, as its documentation sets one up: five weekdays, 9 to 18."""
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	holidays = frappe.get_doc(
		{
			"doctype": "Holiday List",
			"holiday_list_name": "Benchmark",
			"from_date": "2026-01-01",
			"to_date": "2027-12-31",
		}
	).insert()
	frappe.flags.ops_switching_sla = True
	frappe.get_doc(
		{
			"doctype": "Service Level Agreement",
			"document_type": "Issue",
			"service_level": "Benchmark",
			"enabled": 1,
			"default_service_level_agreement": 1,
			"apply_sla_for_resolution": 1,
			"holiday_list": holidays.name,
			"priorities": [
				{
					"priority": priority,
					"response_time": 14400,
					"resolution_time": 86400,
					"default_priority": priority == "Medium",
				}
				for priority in ("Low", "Medium", "High")
			],
			"sla_fulfilled_on": [{"status": "Resolved"}, {"status": "Closed"}],
			"pause_sla_on": [{"status": "On Hold"}],
			"support_and_resolution": [
				{"workday": day, "start_time": "09:00:00", "end_time": "18:00:00"}
				for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
			],
		}
	).insert()
	frappe.flags.ops_switching_sla = False


def _report(times) -> None:
	print(f"{'':16}{'insert':>12}{'ratio':>8}{'processor':>11}{'status change':>16}{'ratio':>8}{'processor':>11}")
	for variant in VARIANTS:
		line = f"{variant:16}"
		for action, width in (("insert", 9), ("status change", 13)):
			wall, processor = zip(*times[variant][action], strict=True)
			bare_wall, bare_processor = zip(*times[VARIANTS[0]][action], strict=True)
			median = statistics.median(wall) * 1000
			line += f"{median:{width}.2f} ms{_ratio(wall, bare_wall):8.2f}{_ratio(processor, bare_processor):11.2f}"
		print(line)


def _ratio(mine, bare) -> float:
	return statistics.median(one / other for one, other in zip(mine, bare, strict=True))


if __name__ == "__main__":
	main()
