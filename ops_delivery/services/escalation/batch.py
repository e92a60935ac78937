"""Claimed triggers fired together under one set of locks: everything they need is read once, what they did is written once (6.3.e)."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ops_delivery.services.clocks import claims as due_clocks
from ops_delivery.services.clocks import erpnext_fields as native_fields
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks import triggers
from ops_delivery.services.escalation import firing as escalation
from ops_delivery.services.escalation import recipients
from ops_delivery.services.shared.site_time import to_site


@dataclass
class Outcome:
	"""What a run did."""

	fired: int = 0
	missed: int = 0
	failed: int = 0
	held_sent: int = 0
	left: int = 0
	finished: bool = False


class Batch:
	"""Claimed triggers with all that is needed to fire them, read once: clocks, what has fired, who is told."""

	def __init__(self, rows: list[frappe._dict], now: datetime):
		self.now = now
		self.clocks = due_clocks.lock(rows)
		self.fired, self.acknowledged = triggers.fired_of(self.clocks) if self.clocks else ({}, {})
		self.book = recipients.Book(self.clocks.values())
		self.missed: list[frappe._dict] = []
		self.told: list[dict[str, Any]] = []  # logs that are not written yet

	def fire(
		self, rows: list[frappe._dict], until: float
	) -> tuple[list[frappe._dict], list[tuple[frappe._dict, str]], Outcome]:
		"""Fire the triggers, beginning none after `until` but the first, then plan their clocks anew.

		Returns those begun, those that failed with the traceback, and what was done.
		"""
		begun, failures, counted, done = [], [], Outcome(), {}
		for row in rows:
			if begun and time.monotonic() > until:
				break
			begun.append(row)
			clock = self.clocks[row.clock]
			try:
				self._fire(row, clock, counted)
				done[clock.name] = clock
			except frappe.QueryDeadlockError:
				raise
			except Exception:
				failures.append((row, frappe.get_traceback()))
		self._write()
		triggers.replan(list(done.values()), self.now)
		return begun, failures, counted

	def _fire(self, row: frappe._dict, clock: frappe._dict, counted: Outcome) -> None:
		fired, acknowledged = self.fired[clock.name], self.acknowledged[clock.name]
		planned, policy = triggers.pending(clock, fired, acknowledged, self.now)
		trigger = next((t for t in planned if (t.step, t.round) == (row.step, row.round)), None)
		if not trigger or trigger.due > self.now:
			return  # a save has moved it
		if row.step == triggers.DEADLINE:
			clock.update(breached=1, breached_on=to_site(trigger.due))
			self.missed.append(clock)
			counted.missed += 1
			return
		acts = escalation.acts(policy.actions[row.step])
		if acts:
			self._write()  # it reads what is so by now
			frappe.db.savepoint("ops_trigger")
		try:
			escalation.fire(clock, row.step, row.round, trigger.due, policy, self.now, self.book, self.told)
		except frappe.QueryDeadlockError:
			raise
		except Exception:
			if acts:
				frappe.db.rollback(save_point="ops_trigger")
			raise
		fired.append(triggers.Fired(row.step, row.round, self.now))
		acknowledged.discard(row.step)
		counted.fired += 1
		if acts:
			self._read_again(clock.reference_doctype, clock.reference_name)

	def _write(self) -> None:
		self._write_missed()
		escalation.write(self.told)
		self.told = []

	def _write_missed(self) -> None:
		"""Mark the clocks whose deadline has passed, and their records: before anything reads them from the tables."""
		table = frappe.qb.DocType("Service Clock")
		names = [clock.name for clock in self.missed]
		if names:
			(
				frappe.qb.update(table)
				.set(table.breached, 1)
				.set(table.breached_on, table.due_on)
				.where(table.name.isin(names))
			).run()
		records: dict[str, list[str]] = defaultdict(list)
		for clock in self.missed:
			records[clock.reference_doctype].append(clock.reference_name)
		for doctype, record_names in records.items():
			native_fields.mark_missed(doctype, record_names)
		self.missed = []

	def _read_again(self, doctype: str, name: str) -> None:
		"""A step has acted on a record: its clocks in this batch, and who has it, may be others now."""
		self.book.forget(doctype, name)
		for row in clock_store.load(doctype, name).values():
			if row.name in self.clocks:
				self.clocks[row.name].update(row)
