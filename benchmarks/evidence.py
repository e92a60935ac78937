"""What the evidence of an agreement with many Issues costs: cold, from the snapshot, and by night (every clause with its live evidence).

Run from a bench's sites/ folder with the bench's Python, on a site where nobody works meanwhile:
	PYTHONPATH=APP python APP/benchmarks/evidence.py SITE [--issues 10000]

The database makes closed Issues of one agreement within a month, each with a clock, an acceptance and two notices. Measured are the matrix
computed anew, the matrix from its snapshot, the records of a clause, and what the nightly job asks to know which agreements changed.
Everything is taken away in the end.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import own_records

PREFIX, ROUNDS = "BENCH-", 5
MADE = ("Service Notice", "Service Acceptance", "Service Clock", "Issue")
LINE = "{:<52} {:>10}"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--issues", type=int, default=10_000)
	given = parser.parse_args()
	frappe.init(site=given.site)
	frappe.connect()
	frappe.flags.mute_emails = True
	with own_records.taken_away(_what_the_database_made):
		agreement = _build(given.issues)
		_measure(agreement)
	frappe.destroy()


def _build(number: int) -> str:
	import evidence_scene as scene

	world = scene.world()
	agreement, customer = world.agreement.name, world.agreement.customer
	sequence = f"FROM seq_1_to_{number}"
	common = "creation, modified, owner, modified_by"
	now = "NOW(), NOW(), 'Administrator', 'Administrator'"
	day = "DATE_ADD('2026-03-01', INTERVAL MOD(seq, 31) DAY)"
	frappe.db.sql(
		f"""INSERT INTO `tabIssue` (name, {common}, subject, description, resolution_details, customer, status, opening_date, ops_agreement, ops_validity,
			ops_urgency, ops_importance, priority, ops_security_checked, ops_acceptance_status)
		SELECT CONCAT('{PREFIX}', seq), {now}, CONCAT('No light ', seq), 'No light in the hall', IF(MOD(seq, 10), 'A new lamp', ''), %s, 'Closed', {day}, %s, 'Valid',
			'Urgent', 'Important', 'High', 1, 'Accepted' {sequence}""",
		(customer, agreement),
	)
	frappe.db.sql(
		f"""INSERT INTO `tabService Clock` (name, {common}, reference_doctype, reference_name, commitment, customer, agreement, state, started_on)
		SELECT CONCAT('{PREFIX}', seq), {now}, 'Issue', CONCAT('{PREFIX}', seq), 'Resolution', %s, %s, 'Met', {day} {sequence}""",
		(customer, agreement),
	)
	frappe.db.sql(
		f"""INSERT INTO `tabService Acceptance` (name, {common}, reference_doctype, reference_name, customer, agreement, state, decided_on, channel)
		SELECT CONCAT('{PREFIX}', seq), {now}, 'Issue', CONCAT('{PREFIX}', seq), %s, %s, 'Accepted', {day}, 'Portal' {sequence}""",
		(customer, agreement),
	)
	for part in ("a", "b"):
		frappe.db.sql(
			f"""INSERT INTO `tabService Notice` (name, {common}, reference_doctype, reference_name, key_point, state, sent_on)
			SELECT CONCAT('{PREFIX}{part}', seq), {now}, 'Issue', CONCAT('{PREFIX}', seq), 'ops_resolved', 'Sent', {day} {sequence}"""
		)
	frappe.db.commit()
	print(LINE.format("Issues", f"{number:,}"))
	return agreement


def _what_the_database_made() -> None:
	for doctype in MADE:
		frappe.db.sql(f"DELETE FROM `tab{doctype}` WHERE name LIKE '{PREFIX}%'")


def _measure(agreement: str) -> None:
	from datetime import date, timedelta

	from ops_delivery.domain.periods import Span
	from ops_delivery.services.evidence import catalogue, nightly, reading
	from ops_delivery.services.shared.site_time import site_now

	span = Span(date(2026, 3, 1), date(2026, 3, 31))
	answer = reading.whole(agreement, span, catalogue.CATALOGUE, anew=True)
	print(LINE.format("clauses proven, thin, missing", ", ".join(str(answer["counts"][state]) for state in ("Proven", "Thin", "Missing"))))
	print(LINE.format("computed anew", _timed(lambda: reading.whole(agreement, span, catalogue.CATALOGUE, anew=True))))
	print(LINE.format("from the snapshot", _timed(lambda: reading.whole(agreement, span, catalogue.CATALOGUE))))
	print(LINE.format("records of 5.3.b", _timed(lambda: reading.records(agreement, span, catalogue.CATALOGUE, "5.3.b"))))
	print(LINE.format("queries, computed anew", str(_queries(lambda: reading.whole(agreement, span, catalogue.CATALOGUE, anew=True)))))
	print(LINE.format("by night: which agreements changed, all of these", _timed(lambda: nightly.touched(site_now() - timedelta(hours=12)))))
	print(LINE.format("by night: the same where nothing changed", _timed(lambda: nightly.touched(site_now() + timedelta(days=1)))))


def _timed(action) -> str:
	taken = []
	for _round in range(ROUNDS):
		frappe.clear_cache()
		frappe.get_meta("Service Agreement")
		began = time.perf_counter()
		action()
		taken.append(time.perf_counter() - began)
	return f"{statistics.median(taken) * 1000:,.0f} ms"


def _queries(action) -> int:
	count, execute = [0], frappe.db.sql

	def counted(*args, **kwargs):
		count[0] += 1
		return execute(*args, **kwargs)

	frappe.db.sql = counted
	try:
		action()
	finally:
		del frappe.db.sql
	return count[0]


if __name__ == "__main__":
	main()
