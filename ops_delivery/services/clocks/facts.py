"""Which events follow for one clock of a record at one moment: its conditions, its promises, its moments (5.3.d)."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import clock as domain
from ops_delivery.domain.clock import Kind, Status
from ops_delivery.services.agreements import switched_off
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import Change, happen
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.rules import standalone_terms as own_terms
from ops_delivery.services.shared import earlier_values
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import to_utc


class ConditionFails(Exception):
	"""A condition of a definition cannot be evaluated on this record: its field in the definition, and what it raised."""

	def __init__(self, condition: str, error: Exception):
		super().__init__(str(error))
		self.condition, self.error = condition, error


class Situation:
	"""One definition on one record at one moment: which events follow for its clock."""

	def __init__(self, doc, seen, old, measured, definition, terms, now, newly_ruled, reason, current, known=frozenset()):
		self.doc, self.seen, self.old, self.definition, self.now = doc, seen, old, definition, now
		own = own_terms.of(definition, doc, measured)
		self.measured, self.terms, self.newly_ruled, self.reason = measured, own or terms, newly_ruled, reason
		self.current_version = current
		self.known = known  # the calendars and policies it is measured by already: it goes on by them, also switched off
		self.priority = seen.get(measured.priority_field) or (
			self.terms.default_priority if self.terms else None
		)

	def follow(self, change: Change) -> None:
		"""Let happen to a clock what the conditions say. Where one fails on this record the clock is set aside: it stands
		still as it was, says why, and goes on with the first save on which it does not fail. The save itself goes through.
		"""
		kept = (frappe._dict(change.row) if change.row else None, change.clock, list(change.events))
		try:
			if change.row and change.row.set_aside:
				self._go_on(change)
			self.advance(change)
		except ConditionFails as failure:
			change.row, change.clock, change.events = kept
			self._set_aside(change, failure)
			record = (self.doc.doctype, cstr(self.doc.name))
			failing.note("Clock Definition", self.definition.name, failure.condition, record, failure.error)

	def _set_aside(self, change: Change, failure: ConditionFails) -> None:
		if not change.clock or change.clock.status is not Status.RUNNING:
			return
		label = _(frappe.get_meta("Clock Definition").get_label(failure.condition), context="Clock Definition")
		change.row.set_aside = _("Set aside, because a condition fails ({0}): {1}").format(
			label, definitions.said(failure.error)
		)[:500]
		self._add(change, Kind.PAUSE, self.now, reason=change.row.set_aside)

	def _go_on(self, change: Change) -> None:
		change.row.set_aside = None
		if change.clock.status is Status.PAUSED:
			self._add(change, Kind.RESUME, self.now, reason=_("The condition was corrected"))

	def advance(self, change: Change) -> None:
		promised = self._promised(change)
		cancelled = not promised or self._is("cancel_when")
		status = change.clock.status if change.clock else None
		if status in (None, Status.CANCELLED):
			if cancelled or not self._is("start_when"):
				return
			if change.clock:
				self._reinstate(change)
				if self._is("meet_when") and (done := self._done_since()):
					self._follow_terms(change, promised, change.clock.last_event_at)
					self._add(change, Kind.MET, self._between(change.clock.last_event_at, done))
			elif promised[1] not in self.known and switched_off.is_off(switched_off.CALENDAR, promised[1]):
				return
			else:
				change.row = self._new_row()
				self._rule(change.row, promised[1])
				self._add(change, Kind.START, self._start_moment(change), target=promised[0])
		elif cancelled:
			if status is not Status.MET:
				self._cancel(change, "" if promised else _("Nothing is promised for this priority"))
			return
		elif self.definition.reset_when and self._is("reset_when") and not self._was("reset_when"):
			self._rule(change.row, promised[1])
			self._add(change, Kind.RESET, self.now, target=promised[0])
		met = self._is("meet_when")
		if met and change.clock.status is not Status.MET:
			self._follow_terms(change, promised)
			self._add(change, Kind.MET, self._met_moment(change))
		elif not met:
			if change.clock.status is Status.MET:
				self._add(change, Kind.REOPENED, self.now)
			self._follow_terms(change, promised)
			self._pause_or_resume(change)

	def _promised(self, change: Change) -> tuple[int, str] | None:
		"""(working seconds, calendar) that the agreement, or the definition itself, gives this clock; None if nothing."""
		if not self.terms:
			return None
		if not self.definition.own_terms:
			return self.terms.target_for(self.definition.commitment, self.priority)
		return self.terms.promised_from(change.clock.started if change.clock else self._start_moment(change))

	def _cancel(self, change: Change, reason: str) -> None:
		"""Where it is to stand still from now on as well, the ledger says so first: reinstating goes by that."""
		if change.clock.status is Status.RUNNING and self._is("pause_when"):
			self._add(change, Kind.PAUSE, self.now)
		self._add(change, Kind.CANCELLED, self.now, reason=reason)

	def _reinstate(self, change: Change) -> None:
		"""What is promised again goes on with what was used; the ledger line of its start stands."""
		at = domain.reinstate_at(change.clock, bool(clock_store.stood_still([change.row.name])), self.now)
		self._add(change, Kind.REINSTATED, at)

	def _pause_or_resume(self, change: Change) -> None:
		paused = change.clock.status is Status.PAUSED
		wants_pause = self._is("pause_when")
		if not paused and wants_pause:
			self._add(change, Kind.PAUSE, self.now, reason=text(self.seen.get("ops_pause_reason")))
		elif paused and (self._is("resume_when") if self.definition.resume_when else not wants_pause):
			self._add(change, Kind.RESUME, self.now)

	def _done_since(self) -> datetime | None:
		"""Since when a record meets its condition that met it before this save too: the moment it names, else the change that
		Frappe keeps of it. None where neither is known, or it begins with this save."""
		if not self._was("meet_when"):
			return None
		if named := self._moment(self.definition.meet_at_field):
			return named
		since = earlier_values.since(self.doc, self.old, lambda seen: self._truth("meet_when", seen))
		return to_utc(since)

	def _follow_terms(self, change: Change, promised: tuple[int, str], at: datetime | None = None) -> None:
		"""Another target, priority, calendar or agreement re-plans from the remaining budget."""
		target, calendar = promised
		at = at or self.now
		if change.clock.target != target:
			self._rule(change.row, change.row.calendar)
			self._add(change, Kind.TARGET, at, target=target)
		version = self.current_version(calendar)
		if change.clock.calendar != version:
			edited = change.row.calendar == calendar and not self.reason  # else the agreement names another one
			self._rule(change.row, calendar)
			self._add(change, Kind.CALENDAR, at, reason=rule_changes.in_ledger(calendar, version) if edited else "")
		elif self._ruled_by(change.row) != (self.terms.name, self._policy(), self.priority or None):
			self._rule(change.row, calendar)
			if change.clock.target == target and not change.events:
				self._add(change, Kind.TARGET, at, target=target)

	@staticmethod
	def _ruled_by(row: frappe._dict) -> tuple[str | None, str | None, str | None]:
		return row.agreement or None, row.policy or None, row.priority or None

	def _new_row(self) -> frappe._dict:
		return frappe._dict(
			name=frappe.generate_hash(length=16),
			reference_doctype=self.doc.doctype,
			reference_name=cstr(self.doc.name),
			clock_definition=self.definition.name,
			commitment=self.definition.commitment,
			event_count=0,
		)

	def _policy(self) -> str | None:
		"""A policy that is switched off goes on warning of the records it warned of, and of nothing new."""
		policy = self.terms.policy or None
		return policy if policy in self.known or not switched_off.is_off(switched_off.POLICY, policy) else None

	def _rule(self, row: frappe._dict, calendar: str) -> None:
		"""Put on the row by what it is measured from here on."""
		row.update(
			agreement=self.terms.name,
			customer=self.terms.customer,
			policy=self._policy(),
			priority=self.priority,
			calendar=calendar,
			calendar_version=self.current_version(calendar),
		)

	def _add(
		self, change: Change, kind: Kind, at: datetime, target: int | None = None, reason: str = ""
	) -> None:
		happen(change, kind, at, target, reason or self.reason)

	def _start_moment(self, change: Change) -> datetime:
		named = self._moment(self.definition.start_at_field)
		if named:
			moment = named
		elif self.newly_ruled or self._promised_late():
			# ruled from when it was received, however late its agreement was found or its priority promised
			received = self._moment("ops_received_on")  # a mail lay in its mailbox before it was fetched
			moment = self._moment(self.measured.date_field) or received or to_utc(self.doc.creation) or self.now
			if self.doc.is_new() and not self.measured.date_field:
				moment = received or self.now
		else:
			moment = self.now
		return self._between(None, moment)

	def _promised_late(self) -> bool:
		"""Whether only another priority keeps this from having begun with the record."""
		if not self.old or self.definition.own_terms or not self.measured.priority_field:
			return False
		was = self.old.get(self.measured.priority_field) or self.terms.default_priority
		return (
			was != self.priority
			and not self.terms.target_for(self.definition.commitment, was)
			and self._was("start_when")
		)

	def _met_moment(self, change: Change) -> datetime:
		named = self._moment(self.definition.meet_at_field)
		return self._between(change.clock.last_event_at, named or self.now)

	def _between(self, earliest: datetime | None, moment: datetime) -> datetime:
		"""The ledger runs forwards: a moment before its last line counts from that line, one to come from now."""
		moment = min(moment, self.now)
		return max(moment, earliest) if earliest else moment

	def _moment(self, fieldname: str | None) -> datetime | None:
		return to_utc(self.doc.get(fieldname)) if fieldname else None

	def _is(self, condition: str) -> bool:
		return self._truth(condition, self.seen)

	def _was(self, condition: str) -> bool:
		return bool(self.old) and self._truth(condition, self.old)

	def _truth(self, condition: str, seen: frappe._dict) -> bool:
		try:
			return definitions.truth(self.definition.get(condition), seen, self.old)
		except Exception as error:
			raise ConditionFails(condition, error) from error
