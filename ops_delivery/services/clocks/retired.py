"""What becomes of running clocks whose Clock Definition, or Measured Record Type, an administrator switches off (6.3.b).

Nothing moves them any more, so they end: standing still and cancelled, with that reason, and none of their alarms fires.
Switched on again, they go on from what was used; the time in which nobody measured is not counted.
"""

from __future__ import annotations

import frappe

from ops_delivery.domain.clock import Status
from ops_delivery.permissions import switches
from ops_delivery.services.clocks import ending as clock_ends
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import refreshing as following
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import CALENDARS, Change
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.site_time import utc_now

BATCH = 200
LIVE = (Status.RUNNING.value, Status.PAUSED.value)


def later(doc, _method: str | None = None) -> None:
	"""on_update of both: have the clocks follow after the commit, where it was switched on or off."""
	before = doc.get_doc_before_save()
	if before and bool(before.enabled) == bool(doc.enabled):
		return
	method, document_type = "ops_delivery.services.clocks.retired.follow", doc.document_type
	queueing.enqueue_after_commit(method, queue="long", document_type=document_type, on=bool(doc.enabled))


def follow(document_type: str, on: bool) -> int:
	"""Job: end the clocks of what is off, or evaluate again those that had been ended; how many records or clocks."""
	return _take_up(document_type) if on else retire()


def retire() -> int:
	"""End every live clock that nothing measures. Batches are committed one by one; hourly, so that none is left."""
	if switches.rests():
		return 0
	done, skip = 0, set()
	while names := _unmeasured(skip):
		prepared = clocks.Plan("", "", utc_now())
		records = []
		for row in clock_store.lock(names):
			change = Change(row, clock_store.to_domain(row, CALENDARS))
			frappe.db.savepoint("ops_retire")
			try:
				clock_ends.end(change, prepared.now)
				prepared.changes.append(change)
				records.append((row.reference_doctype, row.reference_name))
			except Exception:
				frappe.db.rollback(save_point="ops_retire")
				skip.add(row.name)
				clock_failures.note(row.reference_doctype, row.reference_name)
		clocks.persist(prepared)
		for record in dict.fromkeys(records):
			following.refresh(*record)  # the record's own fields name no deadline that is none
		done += len(prepared.changes)
		frappe.db.commit()
	return done


def _take_up(document_type: str) -> int:
	measured = definitions.for_doctype(document_type)
	if not measured:
		return 0
	names = frappe.get_all(
		"Service Clock",
		filters={
			"reference_doctype": document_type,
			"state": "Cancelled",
			"clock_definition": ["in", [definition.name for definition in measured.definitions] or [""]],
		},
		pluck="reference_name",
		distinct=True,
		order_by="reference_name",
	)
	return following.refresh_each(document_type, names)


def _unmeasured(skip: set[str]) -> list[str]:
	"""Live clocks whose definition or type is off."""
	clock, definition, measured = (
		frappe.qb.DocType(name) for name in ("Service Clock", "Clock Definition", "Measured Record Type")
	)
	found = (
		frappe.qb.from_(clock)
		.join(definition)
		.on(definition.name == clock.clock_definition)
		.left_join(measured)
		.on(measured.document_type == clock.reference_doctype)
		.select(clock.name)
		.where(
			clock.state.isin(LIVE)
			& ((definition.enabled == 0) | measured.enabled.isnull() | (measured.enabled == 0))
		)
		.orderby(clock.name)
		.limit(BATCH + len(skip))
	).run(pluck=True)
	return [name for name in found if name not in skip][:BATCH]
