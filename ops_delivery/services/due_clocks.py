"""The clocks of due triggers: locked without waiting for a save, and told from those whose record is gone (6.3.e)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.utils import cstr

from ops_delivery.services import clock_store


def lock(names: set[str]) -> dict[str, frappe._dict]:
	"""The clocks whose record and own row could be locked without waiting."""
	clock = frappe.qb.DocType("Service Clock")
	rows = (
		frappe.qb.from_(clock)
		.select(*[clock[fieldname] for fieldname in clock_store.CLOCK_FIELDS])
		.where(clock.name.isin(list(names)))
		.for_update(skip_locked=True)
	).run(as_dict=True)
	wanted: dict[str, set[str]] = {}
	for row in rows:
		wanted.setdefault(row.reference_doctype, set()).add(row.reference_name)
	locked: set[tuple[str, str]] = set()
	for doctype in _there(wanted):
		records = wanted[doctype]
		table = frappe.qb.DocType(doctype)
		got = (
			frappe.qb.from_(table)
			.select(table.name)
			.where(table.name.isin(list(records)))
			.for_update(skip_locked=True)
		).run(pluck=True)
		locked.update((doctype, cstr(name)) for name in got)  # some types count their records
	return {row.name: row for row in rows if (row.reference_doctype, row.reference_name) in locked}


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
