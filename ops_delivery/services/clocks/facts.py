"""Which events follow for one clock of a record at one moment: its conditions, its promises, its moments (5.3.d)."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import clock as domain
from ops_delivery.domain import clock_course
from ops_delivery.domain.clock import Kind, Status
from ops_delivery.domain.promises import Promised
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
		"""Let happen to a clock what the record says by now: domain/clock_course.py decides, of this case."""
		self.change = change
		clock_course.advance(self)

	# what the decision asks (clock_course.Case), each condition when it matters: one that fails holds up no other

	@property
	def clock(self) -> domain.Clock | None:
		return self.change.clock

	def promised(self) -> Promised | None:
		"""(working seconds, calendar) that the agreement, or the definition itself, gives this clock; None if nothing."""
		if not self.terms:
			return None
		if not self.definition.own_terms:
			found = self.terms.target_for(self.definition.commitment, self.priority)
		else:
			found = self.terms.promised_from(self.clock.started if self.clock else self.begun_at())
		return Promised(*found) if found else None

	def is_cancelled(self) -> bool:
		return self._is("cancel_when")

	def is_begun(self) -> bool:
		return self._is("start_when")

	def may_begin(self, promised: Promised) -> bool:
		return promised.calendar in self.known or not switched_off.is_off(switched_off.CALENDAR, promised.calendar)

	def is_reset(self) -> bool:
		return bool(self.definition.reset_when and self._is("reset_when") and not self._was("reset_when"))

	def is_met(self) -> bool:
		return self._is("meet_when")

	def is_held(self) -> bool:
		return self._is("pause_when")

	def goes_on(self) -> bool:
		return self._is("resume_when") if self.definition.resume_when else not self.is_held()

	def stood_still(self) -> bool:
		return bool(clock_store.stood_still([self.change.row.name]))

	def happen(self, kind: Kind, at: datetime, promised: Promised | None = None) -> None:
		"""One event of the clock's own course. What is promised again goes on with what was used: the line of its start stands."""
		reason = ""
		if kind is Kind.START:
			self.change.row = self._new_row()
		elif kind is Kind.PAUSE:
			reason = text(self.seen.get("ops_pause_reason"))
		elif kind is Kind.CANCELLED and not self.promised():
			reason = _("Nothing is promised for this priority")
		if promised:
			self._rule(self.change.row, promised.calendar)
		self._add(self.change, kind, at, target=promised.seconds if promised else None, reason=reason)

	def go_by(self, promised: Promised, at: datetime) -> None:
		"""Another target, priority, calendar or agreement re-plans from the remaining budget."""
		change, row = self.change, self.change.row
		version = self.current_version(promised.calendar)
		otherwise = self._ruled_by(row) != (self.terms.name, self._policy(), self.priority or None)
		wanted = Promised(promised.seconds, version)
		for kind in clock_course.changes(change.clock, wanted, otherwise and not change.events):
			if kind is Kind.CALENDAR:
				edited = row.calendar == promised.calendar and not self.reason  # else the agreement names another one
				self._rule(row, promised.calendar)
				reason = rule_changes.in_ledger(promised.calendar, version) if edited else ""
				self._add(change, kind, at, reason=reason)
			else:
				self._rule(row, row.calendar)
				self._add(change, kind, at, target=promised.seconds)
		if otherwise:
			self._rule(row, promised.calendar)

	def done_since(self) -> datetime | None:
		"""Since when a record meets its condition that met it before this save too: the moment it names, else the change that
		Frappe keeps of it. None where neither is known, or it begins with this save."""
		if not self._was("meet_when"):
			return None
		if named := self._moment(self.definition.meet_at_field):
			return named
		since = earlier_values.since(self.doc, self.old, lambda seen: self._truth("meet_when", seen))
		return to_utc(since)

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

	def begun_at(self) -> datetime:
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
		return clock_course.forwards(None, moment, self.now)

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

	def met_at(self) -> datetime:
		named = self._moment(self.definition.meet_at_field)
		return clock_course.forwards(self.clock.last_event_at, named or self.now, self.now)

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
