"""Service clocks of a record: what its conditions make of them, planned before it is saved and written with it.

plan() decides in memory (one query for an existing record, none for a new one); persist() writes what changed in
bulk. A clock row is the domain's state as last settled, its ledger (Service Clock Event) rebuilds it exactly (5.3.d).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import frappe
from frappe.utils import cstr, getdate

from ops_delivery.domain import clock as domain
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import ending as clock_ends
from ops_delivery.services.clocks import erpnext_fields as native_fields
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import measured_moments as moments
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks import triggers
from ops_delivery.services.clocks.changes import CALENDARS, Change
from ops_delivery.services.clocks.facts import Situation
from ops_delivery.services.outbox import clock_key_points as clock_notices
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.scope import measured_types as record_types
from ops_delivery.services.shared.site_time import to_site, utc_now

SAVE_LASTS = timedelta(minutes=1)  # a plan older than that belongs to a save that failed


@dataclass
class Plan:
	"""What saving a record does to its clocks."""

	doctype: str
	name: str
	now: datetime
	changes: list[Change] = field(default_factory=list)
	look_again: bool = False  # something happened to the record while it was being saved

	@property
	def changed(self) -> list[Change]:
		return [change for change in self.changes if change.events]


def before_save(doc, _method: str | None = None) -> None:
	"""doc_events: plan the clocks of a measured record and put the figures on its own fields."""
	measured = definitions.for_doctype(doc.doctype)
	if not measured or not _is_measured(doc):
		return
	prepared = doc.flags.ops_plan = plan(doc, measured)
	_being_saved()[doc.doctype, prepared.name] = prepared
	native_fields.fill(doc, prepared)


def on_update(doc, _method: str | None = None) -> None:
	"""doc_events: write what before_save planned."""
	prepared = doc.flags.pop("ops_plan", None)
	if not prepared:
		return
	_being_saved().pop((doc.doctype, prepared.name), None)
	persist(prepared)
	clock_notices.post(doc, prepared)
	if prepared.look_again:
		refresh(doc.doctype, prepared.name)


def plan(doc, measured=None, reason: str = "") -> Plan:
	"""What the record's values mean for its clocks now. Locks the record's clocks; writes nothing."""
	measured = measured or definitions.for_doctype(doc.doctype)
	now = utc_now()
	result = Plan(doc.doctype, cstr(doc.name), now)  # some types count their records; a link is a text
	rows = {} if doc.is_new() else clock_store.load(doc.doctype, result.name)
	by_agreement = any(not definition.own_terms for definition in measured.definitions)
	agreement = _agreement_of(doc, measured, rows, now) if by_agreement else None
	if not agreement and not rows and not any(definition.own_terms for definition in measured.definitions):
		return result
	terms = agreements.terms(agreement) if agreement else None
	current = cache(partial(versions.current, "Service Calendar"))  # asked once a calendar in this plan
	old_doc = doc.get_doc_before_save()
	if old_doc or doc.is_new():
		moments.check(doc, measured, old_doc, rows, now)
	seen = definitions.facts(doc)
	old = definitions.facts(old_doc) if old_doc else None
	before = old and old.get(measured.agreement_field) if measured.agreement_field else rows
	newly_ruled = bool(agreement) and not before
	known = frozenset(one for row in rows.values() for one in (row.calendar, row.policy) if one)
	for definition in measured.definitions:
		situation = Situation(doc, seen, old, measured, definition, terms, now, newly_ruled, reason, current, known)
		row = rows.pop(definition.name, None)
		change = Change(row, clock_store.to_domain(row, CALENDARS)) if row else Change(None, None, new=True)
		situation.follow(change)
		if change.row:
			result.changes.append(change)
	for row in rows.values():  # its definition was switched off: it has no conditions now, and ends
		change = Change(row, clock_store.to_domain(row, CALENDARS))
		clock_ends.end(change, now)
		result.changes.append(change)
	return result


def persist(prepared: Plan) -> None:
	"""Write the changed clocks, their ledger lines and pending triggers. Does nothing if nothing changed."""
	changed = prepared.changed
	if not changed:
		return
	clock_store.write(changed)
	triggers.replan([change.row for change in changed], prepared.now, new=all(c.new for c in changed))


def refresh(doctype: str, name: str, reason: str = "") -> bool:
	"""Evaluate a record's clocks outside of its own save (a reply, an assignment, a changed calendar).

	Returns whether anything changed. The record's own deadline fields follow, without a new `modified`. In the midst of
	the record's save (an Assignment Rule that applies, the portal's first message) that save does it at its end.
	"""
	measured = definitions.for_doctype(doctype)
	if not measured or not frappe.db.exists(doctype, name):
		return False
	saving = _being_saved().get((doctype, cstr(name)))
	if saving and utc_now() - saving.now < SAVE_LASTS:
		saving.look_again = True
		return False
	doc = frappe.get_doc(doctype, name)
	if not _is_measured(doc):
		return False
	prepared = plan(doc, measured, reason)
	persist(prepared)
	clock_notices.post(doc, prepared)
	native_fields.store(doc, prepared)
	return bool(prepared.changed)


def _is_measured(doc) -> bool:
	"""An Issue that is not ours has no clocks; one that is leaving us (another customer) still has."""
	if doc.doctype != "Issue" or ours.is_ours(doc):
		return True
	old = doc.get_doc_before_save()
	return bool(old and old.get("ops_agreement")) and ours.is_ours(old)


def _agreement_of(doc, measured, rows: dict[str, frappe._dict], now: datetime) -> str | None:
	"""The agreement version that rules a record: the one it names, the one its clocks have, or the one in force.

	Triage says which one rules an Issue. Any other record keeps the one that was found for it first.
	"""
	named = doc.get(measured.agreement_field) if measured.agreement_field else None
	if named or doc.doctype == "Issue":
		return named
	found = next((row.agreement for row in rows.values() if row.agreement), None) or agreements.find(
		record_types.customer_of(measured, doc),
		getdate((measured.date_field and doc.get(measured.date_field)) or doc.creation or to_site(now)),
		doc.get(measured.object_field) if measured.object_field else None,
	)
	if found and measured.agreement_field:
		doc.set(measured.agreement_field, found)
	return found


def _being_saved() -> dict[tuple[str, str], Plan]:
	"""The plans of records between their before_save and their on_update, in this request."""
	if frappe.flags.ops_being_saved is None:
		frappe.flags.ops_being_saved = {}
	return frappe.flags.ops_being_saved


def replan_calendar(calendar: str) -> int:
	"""Re-plan every live clock of a calendar from its remaining budget (after the calendar changed); how many records.

	Works in batches that are committed one by one, so a killed run goes on where it stopped: what was re-planned
	carries the new revision already. A record that fails is logged, does not hold up the others and is tried again
	(clock_jobs.catch_up).
	"""
	version = versions.refreshed("Service Calendar", calendar)
	reason = rule_changes.in_ledger(calendar, version)
	done, left, failed = 0, set(), False
	while records := clock_store.records_with_other_revision(calendar, version, skip=left, limit=200):
		for record in records:
			frappe.db.savepoint("ops_replan")
			try:
				if not refresh(*record, reason=reason):
					left.add(record)  # nothing measures it any more
				done += 1
			except Exception:
				frappe.db.rollback(save_point="ops_replan")
				left.add(record)
				failed = True
				clock_failures.note(*record)
		frappe.db.commit()
	if not failed:
		versions.mark_followed("Service Calendar", calendar, version)
	return done


def rebuild(doctype: str, name: str, repair: bool = True) -> list[dict[str, Any]]:
	"""Rebuild a record's clocks from their ledgers and report (and, if wanted, repair) what differed.

	Each difference: {clock, commitment, field, stored, rebuilt}.
	"""
	differences = []
	rows = clock_store.load(doctype, name)
	for row in rows.values():
		rebuilt = domain.replay(clock_store.ledger(row.name), CALENDARS)
		for fieldname, value in clock_store.state_values(rebuilt).items():
			stored = row.get(fieldname)
			if clock_store.differs(stored, value):
				differences.append(
					{
						"clock": row.name,
						"commitment": row.commitment,
						"field": fieldname,
						"stored": stored,
						"rebuilt": value,
					}
				)
				row[fieldname] = value
	broken = {difference["clock"] for difference in differences}
	if repair and broken:
		repaired = [row for row in rows.values() if row.name in broken]
		clock_store.repair(repaired)
		triggers.replan(repaired, utc_now())
		refresh(doctype, name)
	return differences
