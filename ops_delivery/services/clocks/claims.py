"""The clocks of due triggers: locked without waiting for a save, and told from those whose record is gone (6.3.e)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache

import frappe
from frappe.utils import cstr

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import policy_reading as policies

WRITTEN = {"Escalation Log", "ToDo", "Comment", "Version"}  # by a step, besides its record


def make_ready(rows: Iterable[frappe._dict]) -> None:
	"""Before anything is locked: what a process reads and imports with its first step, half a second and more of it, is
	there by then. Nothing of it is evidence: it is read again, from what is kept."""
	rows = list(rows)
	for agreement in {row.agreement for row in rows if row.agreement}:
		agreements.terms(agreement)
	for policy in {row.policy for row in rows if row.policy}:
		policies.current(policy)
	for version in {row.calendar_version for row in rows if row.calendar_version}:
		calendars.compiled(version)
	hooks = frappe.get_doc_hooks() if rows else {}
	for doctype in {row.reference_doctype for row in rows if row.reference_doctype} | (WRITTEN if rows else set()):
		frappe.new_doc(doctype)  # its class and its fields, those of its tables too
		for event in (hooks.get(doctype) or {}, hooks.get("*") or {}):
			for handlers in event.values():
				for handler in handlers:
					_import(handler)


@cache
def _import(handler: str) -> None:
	with suppress(Exception):  # whoever calls it will say so
		frappe.get_attr(handler)


def lock(rows: Iterable[frappe._dict]) -> dict[str, frappe._dict]:
	"""The clocks of claimed triggers whose record, and then whose own row, could be locked without waiting, by name.

	In the order in which a save takes them, so that a record that is being saved has none of its clocks held up. Rows are
	named one by one, and no row is read before it is locked: what is read under these locks is what is committed. A row
	whose type is gone names none (sweep._claim) and is passed over.
	"""
	wanted: dict[str, set[str]] = {}
	names: dict[tuple[str, str], set[str]] = {}
	for row in rows:
		if row.reference_doctype:
			wanted.setdefault(row.reference_doctype, set()).add(row.reference_name)
			names.setdefault((row.reference_doctype, row.reference_name), set()).add(row.clock)
	free: set[str] = set()
	for doctype, records in wanted.items():
		table = frappe.qb.DocType(doctype)
		got = (
			frappe.qb.from_(table)
			.select(table.name)
			.where(table.name.isin(sorted(records)))
			.for_update(skip_locked=True)
		).run(pluck=True)
		for name in got:
			free |= names[doctype, cstr(name)]  # some types count their records
	if not free:
		return {}
	clock = frappe.qb.DocType("Service Clock")
	locked = (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in clock_store.CLOCK_FIELDS])
		.where(clock.name.isin(sorted(free)))
		.for_update(skip_locked=True)
	).run(as_dict=True)
	return {row.name: row for row in locked}


def still_pending(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""Those of claimed triggers, whose clocks are locked by now, that no other sweep and no save has dealt with."""
	if not rows:
		return []
	there = set(
		frappe.get_all(
			"Service Clock Trigger",
			filters={"name": ["in", [row.name for row in rows]], "state": "Pending"},
			pluck="name",
			order_by="name",
		)
	)
	return [row for row in rows if row.name in there]


def drop_orphans(rows: list[frappe._dict]) -> None:
	"""Triggers whose record was deleted past all rules would be due for ever."""
	if not rows:
		return
	clocks = frappe.get_all(
		"Service Clock",
		filters={"name": ["in", list({row.clock for row in rows})]},
		fields=["name", "reference_doctype", "reference_name"],
		order_by="name",
	)
	alive = set()
	for doctype in _there({clock.reference_doctype for clock in clocks}):
		of_type = [clock for clock in clocks if clock.reference_doctype == doctype]
		wanted = {"name": ["in", [clock.reference_name for clock in of_type]]}
		there = {
			cstr(name) for name in frappe.get_all(doctype, filters=wanted, pluck="name", order_by="name")
		}
		alive |= {clock.name for clock in of_type if clock.reference_name in there}
	orphans = [row for row in rows if row.clock not in alive]
	if orphans:
		frappe.db.delete("Service Clock Trigger", {"name": ["in", [row.name for row in orphans]]})
		frappe.log_error(
			title="Ops Delivery: triggers of deleted records removed",
			message="\n".join(f"{row.clock}: {row.step}" for row in orphans),
		)


def _there(doctypes: Iterable[str]) -> list[str]:
	"""Those that still exist: the app that a type came with may have been taken away."""
	return frappe.get_all(
		"DocType", filters={"name": ["in", list(doctypes) or [""]]}, pluck="name", order_by="name"
	)
