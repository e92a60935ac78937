"""The sweep: fires what is due and nothing else (6.3.e). Runs every minute, and in between when it lags (pulse).

Rows (trigger, clock, record) are claimed with SKIP LOCKED and never waited for: two sweeps at once share the work, a
sweep never waits for a save, and what is taken now is left for the next run. Before a trigger fires it is planned once
more from what is committed: what a save has moved meanwhile does not fire.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import frappe
from frappe.utils import cint

from ops_delivery.services import clock_store, escalation, native_fields, telling, triggers
from ops_delivery.services.time import site_now, to_site, utc_now

LAST_RUN_KEY = "ops_last_sweep"
RETRY_SECONDS = (60, 300, 900, 3600)


@dataclass
class Outcome:
	"""What a run did."""

	fired: int = 0
	missed: int = 0
	failed: int = 0
	held_sent: int = 0
	left: int = 0


def run(limit: int | None = None, seconds: float | None = None) -> dict[str, int]:
	"""Fire every due trigger, in batches committed one by one. Stops after `limit` triggers or `seconds`.

	A run that is killed loses nothing: what it had not committed is due again.
	"""
	outcome = Outcome()
	settings = frappe.get_cached_doc("Ops Delivery Settings")
	batch = max(1, cint(settings.sweep_batch) or 100)
	began, handled, passed_over = time.monotonic(), 0, set()
	frappe.db.commit()  # each batch sees what others have committed: its first statement is the claim
	while limit is None or handled < limit:
		rows = _claim(min(batch, limit - handled) if limit else batch, passed_over)
		if not rows:
			break
		handled += _handle(rows, outcome, passed_over, cint(settings.retry_limit) or 5)
		frappe.db.commit()
		if seconds and time.monotonic() - began > seconds:
			break
	outcome.held_sent = telling.send_held()
	outcome.left = len(passed_over)
	frappe.db.commit()
	frappe.cache.set_value(LAST_RUN_KEY, utc_now().isoformat())
	return vars(outcome)


def run_due_triggers() -> None:
	"""Scheduler: every minute."""
	run()


def retry(names: list[str]) -> int:
	"""Give failed triggers new attempts from now on; how many."""
	trigger = frappe.qb.DocType("Service Clock Trigger")
	found = frappe.get_all(
		"Service Clock Trigger",
		filters={"name": ["in", names], "state": "Failed"},
		pluck="name",
		order_by="name",
	)
	if found:
		(
			frappe.qb.update(trigger)
			.set(trigger.state, "Pending")
			.set(trigger.attempts, 0)
			.set(trigger.run_at, site_now())
			.where(trigger.name.isin(found))
		).run()
	return len(found)


def _claim(limit: int, passed_over: set[str]) -> list[frappe._dict]:
	"""Due triggers that no other sweep holds, locked until the transaction ends."""
	trigger = frappe.qb.DocType("Service Clock Trigger")
	query = (
		frappe.qb.from_(trigger)
		.select(trigger.name, trigger.clock, trigger.step, trigger.round, trigger.due_on, trigger.attempts)
		.where((trigger.state == "Pending") & (trigger.run_at <= site_now()))
		.orderby(trigger.run_at)
		.limit(limit)
		.for_update(skip_locked=True)
	)
	if passed_over:
		query = query.where(trigger.name.notin(list(passed_over)))
	return query.run(as_dict=True)


def _handle(rows: list[frappe._dict], outcome: Outcome, passed_over: set[str], retry_limit: int) -> int:
	clocks = _lock_clocks({row.clock for row in rows})
	fired, acknowledged = triggers.fired_of(clocks)
	for row in rows:
		clock = clocks.get(row.clock)
		if not clock:
			passed_over.add(row.name)  # its record is being saved: the save plans it anew
			continue
		frappe.db.savepoint("ops_trigger")
		try:
			_fire(row, clock, fired[row.clock], acknowledged[row.clock], outcome)
		except Exception:
			frappe.db.rollback(save_point="ops_trigger")
			_note_failure(row, retry_limit)
			outcome.failed += 1
	return len(rows)


def _fire(row, clock, fired, acknowledged, outcome: Outcome) -> None:
	now = utc_now()
	planned, policy = triggers.pending(clock, fired, acknowledged, now)
	trigger = next((t for t in planned if (t.step, t.round) == (row.step, row.round)), None)
	if trigger and trigger.due <= now:
		if row.step == triggers.DEADLINE:
			_mark_missed(clock, trigger.due)
			outcome.missed += 1
		else:
			escalation.fire(clock, row.step, row.round, trigger.due, policy, now)
			fired.append(triggers.Fired(row.step, row.round, now))
			acknowledged.discard(row.step)
			outcome.fired += 1
		clock.update(_reload(clock.name))  # an action may have changed it
	triggers.replan([clock], now)


def _mark_missed(clock: frappe._dict, due) -> None:
	frappe.db.set_value(
		"Service Clock", clock.name, {"breached": 1, "breached_on": to_site(due)}, update_modified=False
	)
	native_fields.mark_missed(clock.reference_doctype, clock.reference_name)


def _reload(name: str) -> frappe._dict:
	return frappe.db.get_value("Service Clock", name, list(clock_store.CLOCK_FIELDS), as_dict=True)


def _lock_clocks(names: set[str]) -> dict[str, frappe._dict]:
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
	for doctype, records in wanted.items():
		table = frappe.qb.DocType(doctype)
		got = (
			frappe.qb.from_(table)
			.select(table.name)
			.where(table.name.isin(list(records)))
			.for_update(skip_locked=True)
		).run(pluck=True)
		locked.update((doctype, name) for name in got)
	return {row.name: row for row in rows if (row.reference_doctype, row.reference_name) in locked}


def _note_failure(row: frappe._dict, retry_limit: int) -> None:
	attempts = (row.attempts or 0) + 1
	error = frappe.get_traceback()
	wait = RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]
	frappe.db.set_value(
		"Service Clock Trigger",
		row.name,
		{
			"attempts": attempts,
			"state": "Failed" if attempts >= retry_limit else "Pending",
			"run_at": to_site(utc_now() + timedelta(seconds=wait)),
			"error": error.strip().splitlines()[-1][:500],
		},
		update_modified=False,
	)
	frappe.log_error(title=f"Ops Delivery: trigger {row.step} failed", message=error)
