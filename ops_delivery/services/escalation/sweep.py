"""The sweep: fires what is due and nothing else (6.3.e). Runs every minute, and in between when it lags (pulse).

What is due is looked up without a lock. Then its records and their clocks are locked with SKIP LOCKED and never waited
for: two sweeps at once share the work, a sweep never waits for a save, and what is taken now is left for the next run.
Before a trigger fires it is planned once more from what is committed: what a save has moved meanwhile does not fire.

No save waits long for a sweep either: its locks are held for HOLD_SECONDS and the one step that is being fired, whatever
else was claimed is let go and claimed again. Under the locks only evidence is written and what the step does to the record;
people are told after the commit (telling), each in a transaction of their own.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import frappe

from ops_delivery import framework
from ops_delivery.services.clocks import claims as due_clocks
from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.escalation.batch import Batch, Outcome
from ops_delivery.services.outbox import mail_queue as mail
from ops_delivery.services.shared import number_bounds as bounds
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import epoch, site_now, to_site, utc_now

LAST_RUN_KEY = "ops_last_sweep"
RETRY_SECONDS = (60, 300, 900, 3600)
RUN_SECONDS = 200  # a job of the default queue may take 300
HOLD_SECONDS = 0.1  # after that no further step is begun under the same locks
FIRST_CLAIM = 10  # a batch grows and shrinks with what could be done within that time
DEADLOCKS = 5  # in one run: what the database took back is claimed again


@in_site_language
def run(limit: int | None = None, seconds: float | None = None) -> dict[str, int | bool]:
	"""Fire every due trigger, in batches committed one by one. Stops after `limit` triggers or `seconds`.

	A run that is killed loses nothing: what it had not committed is due again. Returns what Outcome says; `finished`
	is whether nothing was left but what other processes hold.
	"""
	outcome = Outcome()
	most, attempts = bounds.setting("sweep_batch"), bounds.setting("retry_limit")
	began, handled, passed_over, fired = time.monotonic(), 0, set(), set()

	def in_time() -> bool:
		return seconds is None or time.monotonic() - began < seconds

	deadlocks, size = 0, min(most, FIRST_CLAIM)
	with framework.reading_committed():
		while not outcome.finished and in_time() and (limit is None or handled < limit):
			wanted = min(size, limit - handled) if limit else size
			rows = _claim(wanted, passed_over)
			due_clocks.make_ready(rows)
			frappe.db.commit()  # looked up without a lock: what is read from here on is read under the locks
			held_since = time.monotonic()
			try:
				done = _handle(rows, outcome, passed_over, fired, attempts) if rows else 0
				frappe.db.commit()
			except frappe.QueryDeadlockError:
				deadlocks += 1
				frappe.db.rollback()
				if deadlocks > DEADLOCKS:
					raise
				continue
			handled += done
			size = _next_size(size, most, done, wanted, time.monotonic() - held_since)
			telling.tell_on_desk(in_time)
			outcome.finished = not rows
		outcome.held_sent = telling.send_held(in_time)
	outcome.left = len(passed_over)
	if outcome.held_sent:
		mail.hasten()
	if outcome.finished:
		_remember_run()
	return vars(outcome)


def _next_size(size: int, most: int, done: int, wanted: int, held: float) -> int:
	"""How many to claim next, so that firing and writing them holds the locks about HOLD_SECONDS. Fewer than FIRST_CLAIM would
	hold them no shorter: what is read and written once a batch is the most of it by then."""
	if held > 2 * HOLD_SECONDS:
		return max(min(size, FIRST_CLAIM), min(size // 2, 2 * done))
	if done == wanted:
		return min(most, 2 * size) if held < HOLD_SECONDS else size
	return max(1, min(size, 2 * done))


def run_due_triggers() -> None:
	"""Scheduler: at every tick. Ends well before Frappe would kill it; the next one goes on."""
	run(seconds=RUN_SECONDS)


def _remember_run() -> None:
	"""For the pulse and the health check. Without Redis neither knows, and the pulse looks again."""
	try:
		frappe.cache.set_value(LAST_RUN_KEY, utc_now().isoformat())
	except Exception:
		frappe.logger("ops_delivery").warning("the time of the sweep could not be noted", exc_info=True)


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
			.set(trigger.run_epoch, epoch(utc_now()))
			.where(trigger.name.isin(found))
		).run()
	return len(found)


def _claim(limit: int, passed_over: set[str]) -> list[frappe._dict]:
	"""Due triggers with the record of their clock, the oldest first. Nothing is locked yet."""
	trigger, clock = frappe.qb.DocType("Service Clock Trigger"), frappe.qb.DocType("Service Clock")
	kind = frappe.qb.DocType("DocType")  # the app that a type came with may have been taken away
	query = (
		frappe.qb.from_(trigger)
		.left_join(clock)
		.on(clock.name == trigger.clock)
		.left_join(kind)
		.on(kind.name == clock.reference_doctype)
		.select(
			trigger.name,
			trigger.clock,
			trigger.step,
			trigger.round,
			trigger.due_on,
			trigger.attempts,
			kind.name.as_("reference_doctype"),
			clock.reference_name,
			clock.policy,
			clock.agreement,
			clock.calendar_version,
		)
		.where((trigger.state == "Pending") & (trigger.run_epoch <= epoch(utc_now())))
		.orderby(trigger.run_epoch)
		.limit(limit)
	)
	if passed_over:
		query = query.where(trigger.name.notin(list(passed_over)))
	return query.run(as_dict=True)


def _handle(
	rows: list[frappe._dict],
	outcome: Outcome,
	passed_over: set[str],
	fired: set[tuple[str, str]],
	retry_limit: int,
) -> int:
	"""Fire what was claimed, as far as it goes in HOLD_SECONDS, and plan its clocks anew; how many were dealt with.

	If that fails, trigger by trigger. A step of a clock fires once a run: whatever comes to be due again within it is
	for the next one.
	"""
	again = {row.name for row in rows if (row.clock, row.step) in fired}
	passed_over |= again
	rows = [row for row in rows if row.name not in again]
	if not rows:
		return len(again)
	until = time.monotonic() + HOLD_SECONDS
	batch = Batch(rows, utc_now())
	held = [row for row in rows if row.clock not in batch.clocks]
	passed_over.update(row.name for row in held)  # being saved: planned anew there
	due_clocks.drop_orphans(held)
	waiting = due_clocks.still_pending([row for row in rows if row.clock in batch.clocks])
	frappe.db.savepoint("ops_batch")
	try:
		begun, failures, counted = batch.fire(waiting, until)
	except frappe.QueryDeadlockError:
		raise  # the database has taken back all of it
	except Exception:
		frappe.db.rollback(save_point="ops_batch")
		begun, failures, counted = _singly(waiting, batch.now, until)
	for row, error in failures:
		_note_failure(row, error, retry_limit)
	fired.update((row.clock, row.step) for row in begun)
	outcome.fired += counted.fired
	outcome.missed += counted.missed
	outcome.failed += len(failures)
	overtaken = len(rows) - len(held) - len(waiting)
	return len(again) + len(held) + overtaken + len(begun)


def _singly(
	rows: list[frappe._dict], now: datetime, until: float
) -> tuple[list[frappe._dict], list[tuple[frappe._dict, str]], Outcome]:
	"""Trigger by trigger: those begun, those that failed, what was done."""
	begun, failures, counted = [], [], Outcome()
	for row in rows:
		if begun and time.monotonic() > until:
			break
		begun.append(row)
		frappe.db.savepoint("ops_alone")
		try:
			_begun, failed, one = Batch([row], now).fire([row], until)
		except frappe.QueryDeadlockError:
			raise
		except Exception:
			frappe.db.rollback(save_point="ops_alone")
			failed, one = [(row, frappe.get_traceback())], Outcome()
		failures += failed
		counted.fired, counted.missed = counted.fired + one.fired, counted.missed + one.missed
	return begun, failures, counted


def _note_failure(row: frappe._dict, error: str, retry_limit: int) -> None:
	attempts = (row.attempts or 0) + 1
	again = utc_now() + timedelta(seconds=RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1])
	frappe.db.set_value(
		"Service Clock Trigger",
		row.name,
		{
			"attempts": attempts,
			"state": "Failed" if attempts >= retry_limit else "Pending",
			"run_at": to_site(again),
			"run_epoch": epoch(again),
			"error": error.strip().splitlines()[-1][:500],
		},
		update_modified=False,
	)
	frappe.log_error(title=f"Ops Delivery: trigger {row.step} failed", message=error)
