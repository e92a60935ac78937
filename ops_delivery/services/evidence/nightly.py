"""By night: the snapshots of this month and the last one, of those agreements alone whose records changed, or that have none yet.

What changed is asked of the record types, not of the agreements, so the cost follows the changes. Each agreement is committed by itself
and a run that was stopped goes on with those it had not come to: what a run looks back to is moved only when it is through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import cstr, get_datetime, getdate

from ops_delivery.domain.evidence import routes as domain_routes
from ops_delivery.domain.evidence import spans
from ops_delivery.domain.periods import Span
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.evidence import catalogue, definitions, exemptions, routes, snapshots
from ops_delivery.services.evidence import scope as scopes
from ops_delivery.services.shared import install_state
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.site_time import site_now

STATE = "ops_delivery_evidence"
MARGIN = timedelta(minutes=5)  # what was being saved while a run began was read by it or is read by the next
EVERY = routes.EVERY


def run() -> int:
	"""Daily job: compute what is due; how many snapshots. One that was stopped is finished first, then what came since."""
	if not frappe.db.exists(definitions.DOCTYPE, {"enabled": 1}):
		return 0
	made, state = 0, install_state.recall(STATE) or {}
	for _turn in range(2):
		resumed = bool(state.get("began"))
		began = state.get("began") or cstr(site_now())
		install_state.remember(STATE, {**state, "began": began})
		frappe.db.commit()
		made += _compute(state.get("since"), get_datetime(began))
		state = {"since": began}
		install_state.remember(STATE, state)
		frappe.db.commit()
		if not resumed:
			break
	return made


def fill(agreement: str, standard: str) -> int:
	"""Job: compute those of the last months of an agreement that have no snapshot; how many."""
	months, made = spans.months_back(site_now().date(), 12), 0
	number = scopes.of(agreement, months[-1]).number
	there = snapshots.of_months(number, standard, months)
	for span in months:
		if span.first.isoformat() in there:
			continue
		scope = scopes.of(agreement, span)
		if scope.ruling:
			snapshots.make(scope, standard)
			frappe.db.commit()
			made += 1
	return made


def ask_fill(agreement: str, standard: str) -> None:
	"""Have the missing months computed in the background, once however often it is asked for."""
	queueing.enqueue("ops_delivery.services.evidence.nightly.fill", queue="long", job_id=f"evidence|{agreement}|{standard}", deduplicate=True, agreement=agreement, standard=standard)


def _compute(since: str | None, began: Any) -> int:
	changed = touched(get_datetime(since) - MARGIN) if since else {EVERY}
	today = site_now().date()
	periods = [spans.containing(spans.containing(today, 1).first - timedelta(days=1), 1), spans.containing(today, 1)]
	made = 0
	for standard in catalogue.catalogues():
		stamp = definitions.stamp(standard)
		if stamp.startswith("0|"):
			continue
		kept = _kept(standard, periods[0])
		for row in _agreements(periods):
			is_changed = EVERY in changed or bool(changed & row.versions)
			for span in _due(kept.get(row.agreement_number or row.name, []), periods, row, is_changed, stamp, began):
				made += _make(row.name, span, standard)
	return made


def _make(agreement: str, span: Span, standard: str) -> int:
	try:
		snapshots.make(scopes.of(agreement, span), standard)
		frappe.db.commit()
		return 1
	except Exception:  # one agreement stops no other
		frappe.db.rollback()
		frappe.log_error(title=f"Ops Delivery: evidence of {agreement}"[:140])
		frappe.db.commit()
		return 0


def _agreements(periods: list[Span]) -> list[frappe._dict]:
	"""The newest version of each agreement that rules in one of the periods, with the names of all of its versions."""
	fields = ["name", "agreement_number", "version", "status", *agreements.PERIOD]
	rows = frappe.get_all(scopes.AGREEMENT, {"docstatus": 1, "status": ["in", scopes.RULING]}, fields, order_by="version, name")
	newest: dict[str, frappe._dict] = {}
	versions: dict[str, set[str]] = {}
	for row in rows:
		number = row.agreement_number or row.name
		versions.setdefault(number, set()).add(row.name)
		if getdate(row.start_date) <= periods[-1].last and agreements.last_day(row) >= periods[0].first:
			newest[number] = row
	return [frappe._dict(row, versions=versions[number]) for number, row in newest.items()]


def _kept(standard: str, since: Span) -> dict[str, list[frappe._dict]]:
	"""The snapshots of periods that end in a period or later, by the number of the agreement. One query for all of them."""
	rows = frappe.get_all(
		snapshots.DOCTYPE,
		{"catalogue": standard, "period_to": [">=", since.first]},
		["agreement_number", "period_from", "period_to", "made_on", "definitions_stamp"],
		order_by="period_from, period_to",
	)
	found: dict[str, list[frappe._dict]] = {}
	for row in rows:
		found.setdefault(row.agreement_number, []).append(row)
	return found


def _due(kept: list[frappe._dict], periods: list[Span], row: Any, changed: bool, stamp: str, began: Any) -> Iterable[Span]:
	"""The periods to compute: those of this month and the last that have no snapshot, and whatever was made before the change."""
	there = {Span(one.period_from, one.period_to) for one in kept}
	for one in kept:
		if (changed or one.definitions_stamp != stamp) and one.made_on < began:
			yield Span(one.period_from, one.period_to)
	for span in periods:
		if span not in there and getdate(row.start_date) <= span.last and agreements.last_day(row) >= span.first:
			yield span


def touched(since: Any) -> set[str]:
	"""The agreements (names of versions) whose evidence was changed, made or deleted since; EVERY where it may be any."""
	rows = frappe.get_all(definitions.DOCTYPE, {"enabled": 1}, list(definitions.FIELDS), order_by="name")
	ways = {(row.document_type, definitions.route(row)) for row in rows}
	there = set(frappe.get_all("DocType", {"name": ["in", sorted({name for name, _route in ways}) or [""]]}, pluck="name"))
	found = set(frappe.get_all(exemptions.DOCTYPE, {"modified": [">=", since]}, pluck="agreement", distinct=True, order_by="agreement"))
	for doctype, route in sorted(ways, key=str):
		if route is None or doctype not in there:
			continue
		if frappe.get_meta(doctype).issingle:
			if _saved_on(doctype) >= since:
				found.add(EVERY)
			continue
		names = frappe.get_all(doctype, {"modified": [">=", since]}, pluck="name", order_by="name")
		found |= routes.agreements_of(doctype, names, route)
	return found | _deleted(since, ways)


def _saved_on(single: str) -> Any:
	table = frappe.qb.DocType("Singles")
	found = frappe.qb.from_(table).select(table.value).where((table.doctype == single) & (table.field == "modified")).run(pluck=True)
	return get_datetime(found[0] if found and found[0] else "1900-01-01")


def _deleted(since: Any, ways: set[tuple[str, Any]]) -> set[str]:
	by_type = {doctype: route for doctype, route in ways if route is not None}
	rows = frappe.get_all(
		"Deleted Document", {"creation": [">=", since], "deleted_doctype": ["in", sorted(by_type) or [""]]}, ["deleted_doctype", "data"], order_by="creation"
	)
	found: set[str] = set()
	for row in rows:
		route, values = by_type[row.deleted_doctype], json.loads(row.data or "{}")
		if isinstance(route, domain_routes.Own):
			found.add(cstr(values.get(route.field)))
		elif isinstance(route, domain_routes.Through) and values.get(route.field):
			found |= routes.agreements_of(route.doctype, [values[route.field]])
		elif isinstance(route, domain_routes.About) and values.get(route.doctype_field) in route.doctypes:
			found |= routes.agreements_of(values[route.doctype_field], [cstr(values.get(route.name_field))])
		else:
			found.add(EVERY)
	return found - {""}
