"""What an amendment means for the records that are open: told before it is in force, and done on its first day (5.5.g).

A record keeps the version it was taken on under, unless both parties have agreed that open ones follow. The preview
works on what is stored and on the draft as it stands; it writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from ops_delivery.domain import clock as domain
from ops_delivery.domain.clock import Event, Kind, Status
from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.events import AmendmentInForce
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import CALENDARS
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import priority_matrix as matrices
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.site_time import to_site, utc_now

MOST_SHOWN = 200
LIVE = (Status.RUNNING.value, Status.PAUSED.value)


def touched(doc) -> dict[str, Any]:
	"""The open records of the earlier versions and what this version would change for them, as if it began now.

	{records (how many are open), changed (how many would get another promise), clocks: [...], more (rows not shown),
	moves (whether they will follow)}. Each clock: record, title, commitment, state, priority and new_priority, target
	and new_target (working seconds, None: nothing promised), calendar and new_calendar, due and new_due (site time,
	None while paused).
	"""
	rows = _live_clocks(_earlier(doc))
	terms = agreements.terms_of(doc)
	priorities = _new_priorities(doc, terms, rows)
	now = utc_now()
	found = [
		_effect(row, terms, priorities.get((row.reference_doctype, row.reference_name)), now) for row in rows
	]
	found += _begun(rows, terms, priorities, now)
	changed = [line for line in found if line["changed"]]
	changed.sort(key=lambda line: (str(line["due"] or "9999"), line["record"]))
	titles = _titles({(line["doctype"], line["record"]) for line in changed[:MOST_SHOWN]})
	for line in changed:
		line["title"] = titles.get((line["doctype"], line["record"]), "")
	return {
		"records": len({(row.reference_doctype, row.reference_name) for row in rows}),
		"changed": len({(line["doctype"], line["record"]) for line in changed}),
		"clocks": changed[:MOST_SHOWN],
		"more": max(0, len(changed) - MOST_SHOWN),
		"moves": bool(doc.move_open_records),
	}


def move_open_records(doc) -> int:
	"""Have the open records of the earlier versions measured by this one from what is left of their time; how many.

	Their ledgers keep what was before. A record that fails is logged and does not hold up the others.
	"""
	terms = agreements.terms_of(doc)
	rows = _live_clocks(_earlier(doc))
	priorities = _new_priorities(doc, terms, rows)
	moved = 0
	for doctype, name in dict.fromkeys((row.reference_doctype, row.reference_name) for row in rows):
		measured = definitions.for_doctype(doctype)
		if not measured or not measured.agreement_field:
			continue
		frappe.db.savepoint("ops_amendment")
		try:
			values = {measured.agreement_field: doc.name}
			if (doctype, name) in priorities and measured.priority_field:
				values[measured.priority_field] = priorities[doctype, name]
			frappe.db.set_value(doctype, name, values, update_modified=False)
			clocks.refresh(doctype, name, reason=_("Version {0} of the agreement began").format(doc.version))
			moved += 1
		except Exception:
			frappe.db.rollback(save_point="ops_amendment")
			frappe.log_error(
				title=f"Ops Delivery: {doctype} {name} does not follow {doc.name}",
				reference_doctype=doctype,
				reference_name=name,
			)
	return moved


def move_after_commit(event: AmendmentInForce) -> None:
	"""Reaction: open records follow the version in the background."""
	frappe.enqueue(
		"ops_delivery.services.clocks.amendment.move_later",
		queue="long",
		name=event.agreement,
		job_id=f"ops_delivery_amendment_{event.agreement}",
		deduplicate=True,
		enqueue_after_commit=True,
	)


def move_later(name: str) -> None:
	"""Job: the open records follow a version that is in force."""
	doc = frappe.get_doc("Service Agreement", name)
	if doc.docstatus == 1 and doc.status == "Active" and cint(doc.move_open_records):
		move_open_records(doc)


def _earlier(doc) -> list[str]:
	"""The earlier versions of the same agreement."""
	return frappe.get_all(
		"Service Agreement",
		filters={
			"agreement_number": doc.agreement_number or doc.name or "",
			"version": ["<", doc.version or 1],
			"docstatus": 1,
		},
		pluck="name",
		order_by="version",
	)


def _live_clocks(names: list[str]) -> list[frappe._dict]:
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in clock_store.CLOCK_FIELDS])
		.where(clock.agreement.isin(names or [""]) & clock.state.isin(LIVE))
		.orderby(clock.reference_name)
		.orderby(clock.commitment)
	).run(as_dict=True)


def _effect(row: frappe._dict, terms, new_priority: str | None, now: datetime) -> dict[str, Any]:
	"""One clock under the new terms, worked out as the engine would; nothing is written."""
	priority = new_priority or row.priority
	promised = terms.target_for(row.commitment, priority)
	line = {
		"doctype": row.reference_doctype,
		"record": row.reference_name,
		"commitment": row.commitment,
		"state": row.state,
		"priority": row.priority,
		"new_priority": priority,
		"target": cint(row.target),
		"new_target": None,
		"calendar": row.calendar,
		"new_calendar": None,
		"due": row.due_on,
		"new_due": None,
	}
	if not promised:
		return {**line, "changed": True}
	target, calendar = promised
	version = versions.current("Service Calendar", calendar)
	clock = clock_store.to_domain(row, CALENDARS)
	at = max(now, clock.last_event_at)
	if target != clock.target:
		clock = domain.apply(clock, Event(Kind.TARGET, at, target=target, calendar=clock.calendar), CALENDARS)
	if version != clock.calendar:
		clock = domain.apply(clock, Event(Kind.CALENDAR, at, calendar=version), CALENDARS)
	line.update(
		new_target=target,
		new_calendar=calendar,
		new_due=to_site(clock.due) if clock.due else None,
		changed=(target, calendar, priority) != (cint(row.target), row.calendar, row.priority),
	)
	return line


def _begun(rows: list[frappe._dict], terms, priorities: dict[tuple[str, str], str], now: datetime) -> list[dict]:
	"""Clocks that the new terms would start, or take up again, on the records that have the given live ones."""
	by_type: dict[str, set[str]] = defaultdict(set)
	for row in rows:
		by_type[row.reference_doctype].add(row.reference_name)
	found = []
	for doctype, names in by_type.items():
		measured = definitions.for_doctype(doctype)
		if not measured:
			continue
		there = {(row.reference_name, row.clock_definition): row for row in _all_clocks(doctype, names)}
		still = clock_store.stood_still(row.name for row in there.values() if row.state == Status.CANCELLED.value)
		for record in frappe.get_all(
			doctype, filters={"name": ["in", sorted(names)]}, fields=["*"], order_by="name"
		):
			seen = definitions.facts(frappe.get_doc({"doctype": doctype, **record}))
			was = record.get(measured.priority_field) if measured.priority_field else None
			priority = priorities.get((doctype, record.name)) or was or terms.default_priority
			for definition in measured.definitions:
				promised = terms.target_for(definition.commitment, priority)
				row = there.get((record.name, definition.name))
				if definition.own_terms or not promised or (row and row.state != Status.CANCELLED.value):
					continue
				if _holds(definition, "start_when", seen) and not _holds(definition, "cancel_when", seen):
					stood_still = bool(row) and row.name in still
					found.append(_beginning(row, stood_still, record, doctype, definition, promised, priority, was, now))
	return found


def _holds(definition, condition: str, seen) -> bool:
	try:
		return definitions.truth(definition.get(condition), seen)
	except Exception:  # saving the record says so, naming the definition
		return False


def _beginning(
	row, stood_still: bool, record, doctype, definition, promised, priority, was, now: datetime
) -> dict[str, Any]:
	"""A clock that begins now, or goes on from its cancellation, under the new terms."""
	target, calendar = promised
	version = versions.current("Service Calendar", calendar)
	if row:
		clock = clock_store.to_domain(row, CALENDARS)
		at = domain.reinstate_at(clock, stood_still, now)
		clock = domain.apply(clock, Event(Kind.REINSTATED, at), CALENDARS)
		if target != clock.target:
			clock = domain.apply(clock, Event(Kind.TARGET, now, target=target), CALENDARS)
		if version != clock.calendar:
			clock = domain.apply(clock, Event(Kind.CALENDAR, now, calendar=version), CALENDARS)
	else:
		clock = domain.apply(None, Event(Kind.START, now, target=target, calendar=version), CALENDARS)
	return {
		"doctype": doctype,
		"record": record.name,
		"commitment": definition.commitment,
		"state": row.state if row else "",
		"priority": was,
		"new_priority": priority,
		"target": None,
		"new_target": target,
		"calendar": None,
		"new_calendar": calendar,
		"due": None,
		"new_due": to_site(clock.due) if clock.due else None,
		"changed": True,
	}


def _all_clocks(doctype: str, names: set[str]) -> list[frappe._dict]:
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in clock_store.CLOCK_FIELDS])
		.where((clock.reference_doctype == doctype) & clock.reference_name.isin(sorted(names)))
	).run(as_dict=True)


def _new_priorities(doc, terms, rows: list[frappe._dict]) -> dict[tuple[str, str], str]:
	"""The open Issues to which another matrix gives another priority than the one it had suggested so far."""
	names = {row.reference_name for row in rows if row.reference_doctype == "Issue"}
	if not names:
		return {}
	load, found = cache(matrices.load), {}
	for issue in frappe.get_all(
		"Issue",
		filters={"name": ["in", sorted(names)], "ops_validity": "Valid"},
		fields=["name", "priority", "ops_urgency", "ops_importance", "ops_agreement"],
		order_by="name",
	):
		if not (issue.ops_urgency and issue.ops_importance and issue.ops_agreement):
			continue
		old_matrix = agreements.terms(issue.ops_agreement).matrix
		if old_matrix == terms.matrix:
			continue
		try:
			old, new = (
				load(matrix).priority_for(issue.ops_urgency, issue.ops_importance)
				for matrix in (old_matrix, terms.matrix)
			)
		except DomainError:  # a cell that was emptied since: it is no judgement to follow
			continue
		if issue.priority == old and new != old:  # one that was set by hand or raised stands
			found["Issue", issue.name] = new
	return found


def _titles(records: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
	by_type: dict[str, list[str]] = defaultdict(list)
	for doctype, name in records:
		by_type[doctype].append(name)
	found = {}
	for doctype, names in by_type.items():
		field = frappe.get_meta(doctype).get_title_field()
		for row in frappe.get_all(
			doctype, filters={"name": ["in", names]}, fields=["name", f"{field} as title"], order_by="name"
		):
			found[doctype, row.name] = row.title
	return found
