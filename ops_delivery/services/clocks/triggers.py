"""Pending triggers: the only rows the sweep looks at. Planned by the domain whenever a clock changes (6.3.e)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache

import frappe
from frappe.utils import get_datetime
from pypika.terms import Parameter

from ops_delivery.domain import escalation
from ops_delivery.domain.escalation import Fired, Trigger
from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.outbox import waking
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared.site_time import epoch, to_site, to_utc, utc_now

# the engine's own trigger: marks a clock as missed when its deadline passes; nobody is told by it
DEADLINE = "::deadline"

FIELDS = (
	"name",
	"clock",
	"step",
	"round",
	"kind",
	"due_on",
	"run_at",
	"run_epoch",  # run_at as Unix time: what the sweep compares, as an hour may occur twice in the site's zone
	"state",
	"attempts",
	"policy_version",
)


class Compiled(dict):
	"""Calendars by their version, each compiled once however many clocks are looked at."""

	def __missing__(self, version: str):
		self[version] = calendars.compiled(version)
		return self[version]


def pending(
	row: frappe._dict,
	fired: Iterable[Fired],
	acknowledged: Iterable[str],
	now: datetime,
	current=policies.current,
) -> tuple[list[Trigger], policies.Policy | None]:
	"""What is still to come for a clock row, the engine's own trigger included, and the policy that says so."""
	if row.state != "Running":
		return [], None
	compiled = Compiled()
	clock = clock_store.to_domain(row, compiled)
	policy = current(row.policy) if row.policy else None
	found: list[Trigger] = []
	if policy:
		found = escalation.plan(
			clock,
			policy.steps,
			row.commitment,
			row.priority,
			compiled[clock.calendar],
			fired,
			set(acknowledged),
			now,
		)
	if not row.breached_on:
		found.append(Trigger(DEADLINE, 1, clock.due))
	return found, policy


def fired_of(clocks: Iterable[str]) -> tuple[dict[str, list[Fired]], dict[str, set[str]]]:
	"""By clock: the firings so far, and the steps whose last firing somebody has acknowledged."""
	fired: dict[str, list[Fired]] = defaultdict(list)
	acknowledged: dict[str, set[str]] = defaultdict(set)
	for log in frappe.get_all(
		"Escalation Log",
		filters={"clock": ["in", list(clocks)]},
		fields=["clock", "step", "round", "fired_on", "utc_offset", "acknowledged"],
		order_by="clock, step, round",
	):
		fired[log.clock].append(Fired(log.step, log.round, to_utc(log.fired_on, log.utc_offset)))
		(acknowledged[log.clock].add if log.acknowledged else acknowledged[log.clock].discard)(log.step)
	return fired, acknowledged


def replan(rows: list[frappe._dict], now: datetime, new: bool = False) -> None:
	"""Put the pending triggers of clock rows anew: at most four queries however many clocks.

	A row that waits for another attempt after a failure keeps its count when it is planned again.
	"""
	if not rows:
		return
	fired, acknowledged, waiting = {}, {}, {}
	if not new:
		running = [row.name for row in rows if row.state == "Running"]
		if running:
			fired, acknowledged = fired_of(running)
			waiting = _waiting(running)
		_remove([row.name for row in rows])
	values = []
	current = cache(policies.current)
	for row in rows:
		found, policy = pending(row, fired.get(row.name, ()), acknowledged.get(row.name, ()), now, current)
		kinds = {step.key: step.kind.value for step in policy.steps} if policy else {}
		for trigger in found:
			before = waiting.get((row.name, trigger.step, trigger.round))
			values.append(_row(row.name, trigger, kinds.get(trigger.step), policy, before))
	if values:
		waking.wake()
	bulk.insert("Service Clock Trigger", FIELDS, values)


def replan_policy(policy: str) -> int:
	"""After a policy changed: plan the triggers of its running clocks again, in batches; how many clocks.

	Where a batch fails its clocks are taken one by one: the one that fails is logged and tried again later
	(clock_jobs.catch_up).
	"""
	version = versions.refreshed("Escalation Policy", policy)
	done, failed = 0, set()
	while names := _with_other_revision(policy, version, failed):
		frappe.db.savepoint("ops_replan_policy")
		try:
			replan(clock_store.lock(names), utc_now())
		except Exception:
			frappe.db.rollback(save_point="ops_replan_policy")
			failed |= _replan_singly(names)
		done += len(set(names) - failed)
		frappe.db.commit()
	if not failed:
		versions.mark_followed("Escalation Policy", policy, version)
	return done


def _replan_singly(names: list[str]) -> set[str]:
	"""The clocks that cannot be planned."""
	failed = set()
	for row in clock_store.lock(names):
		frappe.db.savepoint("ops_replan_policy")
		try:
			replan([row], utc_now())
		except Exception:
			frappe.db.rollback(save_point="ops_replan_policy")
			failed.add(row.name)
			clock_failures.note(row.reference_doctype, row.reference_name)
	return failed


def _with_other_revision(policy: str, version: str, skip: set[str], limit: int = 200) -> list[str]:
	"""Running clocks of a policy whose triggers another revision planned."""
	clock, trigger = frappe.qb.DocType("Service Clock"), frappe.qb.DocType("Service Clock Trigger")
	names = (
		frappe.qb.from_(trigger)
		.join(clock)
		.on(clock.name == trigger.clock)
		.select(clock.name)
		.distinct()
		.where((clock.policy == policy) & (clock.state == "Running") & (trigger.policy_version != version))
		.limit(limit + len(skip))
	).run(pluck=True)
	return [name for name in names if name not in skip][:limit]


def _waiting(clocks: list[str]) -> dict[tuple[str, str, int], frappe._dict]:
	"""Triggers that have failed before, by (clock, step, round)."""
	trigger = frappe.qb.DocType("Service Clock Trigger")
	rows = (
		frappe.qb.from_(trigger)
		.select(
			trigger.clock,
			trigger.step,
			trigger.round,
			trigger.due_on,
			trigger.run_at,
			trigger.run_epoch,
			trigger.state,
			trigger.attempts,
		)
		.where(trigger.clock.isin(clocks) & (trigger.attempts > 0))
	).run(as_dict=True)
	return {(row.clock, row.step, row.round): row for row in rows}


def _remove(clocks: list[str]) -> None:
	frappe.db.sql(_removing(len(clocks)), clocks)


@lru_cache(maxsize=64)
def _removing(count: int) -> str:
	"""The statement for a number of clocks, built once a process as it runs with most saves."""
	trigger = frappe.qb.DocType("Service Clock Trigger")
	return frappe.qb.from_(trigger).delete().where(trigger.clock.isin([Parameter("%s")] * count)).get_sql()


def _row(clock: str, trigger: Trigger, kind: str | None, policy, before) -> list:
	due = to_site(trigger.due)
	if before and get_datetime(before.due_on) != due:
		before = None  # it has moved: what failed then is no longer what waits
	return [
		frappe.generate_hash(length=16),
		clock,
		trigger.step,
		trigger.round,
		kind,
		due,
		before.run_at if before else due,
		before.run_epoch if before else epoch(trigger.due),
		before.state if before else "Pending",
		before.attempts if before else 0,
		policy.version if policy else None,
	]
