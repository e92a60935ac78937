"""The index made anew in the background, batch by batch: with progress, and taken up again where it was interrupted (5.3.f).

The state stands on the site (services/shared/install_state.py), written with each batch in its own transaction: a killed job loses one batch
at most. A daily run puts in what events could not see (values written past documents, a rule switched on) and takes out what is gone.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import functions as fn
from frappe.utils import cint, cstr

from ops_delivery.services.search import entries, types
from ops_delivery.services.shared import install_state, job_queue
from ops_delivery.services.shared.site_time import site_now

BATCH = 500
MOST_A_DAY = 20_000  # records that a daily run puts in; the next one goes on
KEY, JOB = "ops_delivery_search_index", "ops_delivery_search_rebuild"
PROGRESS = "ops_search_progress"


def begin() -> dict[str, Any]:
	"""Begin anew, or go on where a former run stopped; the state. A run that is on its way is left alone."""
	found = state()
	if not found.get("running"):
		found = {"running": True, "type": "", "after": "", "done": 0, "total": _total(), "begun": cstr(site_now())}
		install_state.remember(KEY, found)
	job_queue.enqueue_after_commit(
		"ops_delivery.services.search.rebuilding.run", queue="long", job_id=JOB, deduplicate=True, timeout=3600
	)
	return found


def state() -> dict[str, Any]:
	"""{running, type, after, done, total, begun, ended}; {} where it was never made anew."""
	return install_state.recall(KEY) or {}


def run() -> None:
	"""The job: every type that is found, in batches of its names, each committed with how far it is."""
	found = state()
	if not found.get("running"):
		return
	for doctype in sorted(types.all_types()):
		if doctype < found["type"] or not frappe.db.exists("DocType", doctype):
			continue
		after = found["after"] if doctype == found["type"] else ""
		while names := _names(doctype, after):
			entries.write(entries.rows_of(doctype, names))
			after = names[-1]
			found = {**found, "type": doctype, "after": after, "done": cint(found["done"]) + len(names)}
			_note(found)
	_drop_gone()
	_note({**found, "running": False, "ended": cstr(site_now())})


def catch_up() -> int:
	"""Daily: put in what is missing, take out what is gone; how many were put in. Costs one look by index a type."""
	if state().get("running"):  # a run that was killed goes on
		run()
		return 0
	written = 0
	for doctype in sorted(types.all_types()):
		if not frappe.db.exists("DocType", doctype):
			continue
		while written < MOST_A_DAY and (names := _missing(doctype)):
			rows = entries.rows_of(doctype, names)
			entries.write(rows)
			written += len(rows)
			frappe.db.commit()  # each batch stands by itself
			if len(names) < BATCH or not rows:
				break
	_drop_gone()
	return written


def _note(found: dict[str, Any]) -> None:
	install_state.remember(KEY, found)
	frappe.db.commit()  # a killed job goes on from here
	frappe.publish_realtime(PROGRESS, {"done": found["done"], "total": found["total"]}, doctype="Ops Delivery Settings")


def _total() -> int:
	return sum(frappe.db.count(doctype) for doctype in types.all_types() if frappe.db.exists("DocType", doctype))


def _names(doctype: str, after: str) -> list[str]:
	table = frappe.qb.DocType(doctype)
	return (
		frappe.qb.from_(table).select(table.name).where(table.name > after).orderby(table.name).limit(BATCH)
	).run(pluck=True)


def _missing(doctype: str) -> list[str]:
	"""Records without an entry; of a type with a rule of its own (Issue) those that are not to be found are looked at again."""
	table, entry = frappe.qb.DocType(doctype), frappe.qb.DocType(entries.ENTRY)
	searched = types.of(doctype)
	query = (
		frappe.qb.from_(table)
		.left_join(entry)
		.on((entry.document_type == doctype) & (entry.document_name == table.name))
		.select(table.name)
		.where(entry.name.isnull())
		.orderby(table.modified, order=frappe.qb.desc)
		.limit(BATCH)
	)
	if searched and "ops_agreement" in searched.needs:
		query = query.where(fn.Coalesce(table.ops_agreement, "") != "")
	return query.run(pluck=True)


def _drop_gone() -> None:
	"""Entries of records that are not there any more, and of types that nobody finds any more."""
	entry = frappe.qb.DocType(entries.ENTRY)
	there = [name for name in types.all_types() if frappe.db.exists("DocType", name)]
	frappe.qb.from_(entry).delete().where(entry.document_type.notin(there or [""])).run()
	for doctype in there:
		table = frappe.qb.DocType(doctype)
		gone = (
			frappe.qb.from_(entry)
			.left_join(table)
			.on(table.name == entry.document_name)
			.select(entry.name)
			.where((entry.document_type == doctype) & table.name.isnull())
			.limit(MOST_A_DAY)
		).run(pluck=True)
		if gone:
			frappe.db.delete(entries.ENTRY, {"name": ["in", gone]})
