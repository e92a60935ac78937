"""Service clocks of a record: what its conditions make of them, planned before it is saved and written with it.

plan() decides in memory (one query for an existing record, none for a new one); persist() writes what changed in
bulk. A clock row is the domain's state as last settled, its ledger (Service Clock Event) rebuilds it exactly (5.3.d).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import frappe
from frappe import _

from ops_delivery.domain import clock as domain
from ops_delivery.domain.calendar import WorkCalendar
from ops_delivery.domain.clock import Clock, Event, Kind, Status
from ops_delivery.services import (
	agreements,
	calendars,
	clock_store,
	definitions,
	following,
	native_fields,
	triggers,
	versions,
)
from ops_delivery.services.time import to_utc, utc_now


class CalendarVersions(Mapping):
	"""The compiled calendars by the name of their Rule Version, loaded when asked for."""

	def __getitem__(self, version: str) -> WorkCalendar:
		return calendars.compiled(version)

	def __iter__(self) -> Iterator[str]:
		return iter(())

	def __len__(self) -> int:
		return 0

	def __contains__(self, version: object) -> bool:
		return isinstance(version, str)


CALENDARS = CalendarVersions()
SAVE_LASTS = timedelta(minutes=1)  # a plan older than that belongs to a save that failed


@dataclass
class Change:
	"""One clock of a plan: its row as it will stand, its domain state and the events that led there."""

	row: frappe._dict
	clock: Clock | None
	new: bool = False
	events: list[frappe._dict] = field(default_factory=list)


@dataclass
class Plan:
	"""What saving a record does to its clocks."""

	doctype: str
	name: str
	now: datetime
	changes: list[Change] = field(default_factory=list)
	look_again: bool = False  # something happened to the record while it was being saved

	@property
	def changed(self) -> list[Change]:
		return [change for change in self.changes if change.events]


def before_save(doc, _method: str | None = None) -> None:
	"""doc_events: plan the clocks of a measured record and put the figures on its own fields."""
	measured = definitions.for_doctype(doc.doctype)
	if not measured:
		return
	prepared = doc.flags.ops_plan = plan(doc, measured)
	_being_saved()[doc.doctype, doc.name] = prepared
	native_fields.fill(doc, prepared)


def on_update(doc, _method: str | None = None) -> None:
	"""doc_events: write what before_save planned."""
	prepared = doc.flags.pop("ops_plan", None)
	if not prepared:
		return
	_being_saved().pop((doc.doctype, doc.name), None)
	persist(prepared)
	if prepared.look_again:
		refresh(doc.doctype, doc.name)


def plan(doc, measured=None, reason: str = "") -> Plan:
	"""What the record's values mean for its clocks now. Locks the record's clocks; writes nothing."""
	measured = measured or definitions.for_doctype(doc.doctype)
	now = utc_now()
	result = Plan(doc.doctype, doc.name, now)
	rows = {} if doc.is_new() else clock_store.load(doc.doctype, doc.name)
	agreement = doc.get(measured.agreement_field) if measured.agreement_field else None
	if not agreement and not rows:
		return result
	terms = agreements.terms(agreement) if agreement else None
	current = cache(partial(versions.current, "Service Calendar"))  # asked once a calendar in this plan
	old_doc = doc.get_doc_before_save()
	seen = definitions.facts(doc)
	old = definitions.facts(old_doc) if old_doc else None
	newly_ruled = bool(agreement) and (old is None or not old.get(measured.agreement_field))
	for definition in measured.definitions:
		situation = _Situation(doc, seen, old, measured, definition, terms, now, newly_ruled, reason, current)
		row = rows.pop(definition.name, None)
		change = Change(row, clock_store.to_domain(row, CALENDARS)) if row else Change(None, None, new=True)
		situation.advance(change)
		if change.row:
			result.changes.append(change)
	for (
		row
	) in rows.values():  # its definition was switched off: the clock stays as it is, it has no conditions now
		result.changes.append(Change(row, clock_store.to_domain(row, CALENDARS)))
	return result


def persist(prepared: Plan) -> None:
	"""Write the changed clocks, their ledger lines and pending triggers. Does nothing if nothing changed."""
	changed = prepared.changed
	if not changed:
		return
	clock_store.write(changed)
	triggers.replan([change.row for change in changed], prepared.now, new=all(c.new for c in changed))


def refresh(doctype: str, name: str, reason: str = "") -> bool:
	"""Evaluate a record's clocks outside of its own save (a reply, an assignment, a changed calendar).

	Returns whether anything changed. The record's own deadline fields follow, without a new `modified`. In the midst of
	the record's save (an Assignment Rule that applies, the portal's first message) that save does it at its end.
	"""
	measured = definitions.for_doctype(doctype)
	if not measured or not frappe.db.exists(doctype, name):
		return False
	saving = _being_saved().get((doctype, name))
	if saving and utc_now() - saving.now < SAVE_LASTS:
		saving.look_again = True
		return False
	doc = frappe.get_doc(doctype, name)
	prepared = plan(doc, measured, reason)
	persist(prepared)
	native_fields.store(doc, prepared)
	return bool(prepared.changed)


def _being_saved() -> dict[tuple[str, str], Plan]:
	"""The plans of records between their before_save and their on_update, in this request."""
	if frappe.flags.ops_being_saved is None:
		frappe.flags.ops_being_saved = {}
	return frappe.flags.ops_being_saved


def replan_calendar(calendar: str) -> int:
	"""Re-plan every live clock of a calendar from its remaining budget (after the calendar changed); how many records.

	Works in batches that are committed one by one, so a killed run goes on where it stopped: what was re-planned
	carries the new revision already. A record that fails is logged, does not hold up the others and is tried again
	(following.catch_up).
	"""
	version = versions.refreshed("Service Calendar", calendar)
	reason = _("The service calendar {0} changed").format(calendar)
	done, left, failed = 0, set(), False
	while records := clock_store.records_with_other_revision(calendar, version, skip=left, limit=200):
		for record in records:
			frappe.db.savepoint("ops_replan")
			try:
				if not refresh(*record, reason=reason):
					left.add(record)  # nothing measures it any more
				done += 1
			except Exception:
				frappe.db.rollback(save_point="ops_replan")
				left.add(record)
				failed = True
				following.note_failure(*record)
		frappe.db.commit()
	if not failed:
		versions.mark_followed("Service Calendar", calendar, version)
	return done


def rebuild(doctype: str, name: str, repair: bool = True) -> list[dict[str, Any]]:
	"""Rebuild a record's clocks from their ledgers and report (and, if wanted, repair) what differed.

	Each difference: {clock, commitment, field, stored, rebuilt}.
	"""
	differences = []
	rows = clock_store.load(doctype, name)
	for row in rows.values():
		rebuilt = domain.replay(clock_store.ledger(row.name), CALENDARS)
		for fieldname, value in clock_store.state_values(rebuilt).items():
			stored = row.get(fieldname)
			if clock_store.differs(stored, value):
				differences.append(
					{
						"clock": row.name,
						"commitment": row.commitment,
						"field": fieldname,
						"stored": stored,
						"rebuilt": value,
					}
				)
				row[fieldname] = value
	broken = {difference["clock"] for difference in differences}
	if repair and broken:
		repaired = [row for row in rows.values() if row.name in broken]
		clock_store.repair(repaired)
		triggers.replan(repaired, utc_now())
		refresh(doctype, name)
	return differences


class _Situation:
	"""One definition on one record at one moment: which events follow for its clock."""

	def __init__(self, doc, seen, old, measured, definition, terms, now, newly_ruled, reason, current):
		self.doc, self.seen, self.old, self.definition, self.now = doc, seen, old, definition, now
		self.measured, self.terms, self.newly_ruled, self.reason = measured, terms, newly_ruled, reason
		self.current_version = current
		self.priority = seen.get(measured.priority_field) or (terms.default_priority if terms else None)

	def advance(self, change: Change) -> None:
		promised = self.terms.target_for(self.definition.commitment, self.priority) if self.terms else None
		cancelled = not promised or self._is("cancel_when")
		status = change.clock.status if change.clock else None
		if status in (None, Status.CANCELLED):
			if cancelled or not self._is("start_when"):
				return
			change.row = change.row or self._new_row()
			self._rule(change.row, promised[1])
			self._add(change, Kind.START, self._start_moment(change), target=promised[0])
		elif cancelled:
			if status is not Status.MET:
				self._add(
					change,
					Kind.CANCELLED,
					self.now,
					reason="" if promised else _("Nothing is promised for this priority"),
				)
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

	def _pause_or_resume(self, change: Change) -> None:
		paused = change.clock.status is Status.PAUSED
		wants_pause = self._is("pause_when")
		if not paused and wants_pause:
			self._add(change, Kind.PAUSE, self.now, reason=self.seen.get("ops_pause_reason") or "")
		elif paused and (self._is("resume_when") if self.definition.resume_when else not wants_pause):
			self._add(change, Kind.RESUME, self.now)

	def _follow_terms(self, change: Change, promised: tuple[int, str]) -> None:
		"""Another target, priority, calendar or agreement re-plans from the remaining budget."""
		target, calendar = promised
		if change.clock.target != target:
			self._rule(change.row, change.row.calendar)
			self._add(change, Kind.TARGET, self.now, target=target)
		version = self.current_version(calendar)
		if change.clock.calendar != version:
			self._rule(change.row, calendar)
			self._add(change, Kind.CALENDAR, self.now)
		elif change.row.agreement != self.terms.name or change.row.priority != self.priority:
			self._rule(change.row, calendar)
			if change.clock.target == target and not change.events:
				self._add(change, Kind.TARGET, self.now, target=target)

	def _new_row(self) -> frappe._dict:
		return frappe._dict(
			name=frappe.generate_hash(length=16),
			reference_doctype=self.doc.doctype,
			reference_name=self.doc.name,
			clock_definition=self.definition.name,
			commitment=self.definition.commitment,
			event_count=0,
		)

	def _rule(self, row: frappe._dict, calendar: str) -> None:
		"""Put on the row by what it is measured from here on."""
		row.update(
			agreement=self.terms.name,
			customer=self.terms.customer,
			policy=self.terms.policy,
			priority=self.priority,
			calendar=calendar,
			calendar_version=self.current_version(calendar),
		)

	def _add(
		self, change: Change, kind: Kind, at: datetime, target: int | None = None, reason: str = ""
	) -> None:
		reason = reason or self.reason
		event = Event(kind, at, target=target, calendar=change.row.calendar_version, reason=reason)
		change.clock = domain.apply(change.clock, event, CALENDARS)
		clock_store.record(change.row, change.clock, event, change.events)

	def _start_moment(self, change: Change) -> datetime:
		named = self._moment(self.definition.start_at_field)
		if named:
			moment = named
		elif self.newly_ruled:
			# ruled from when it was received, however late its agreement was found
			moment = self._moment(self.measured.date_field) or to_utc(self.doc.creation) or self.now
			if self.doc.is_new() and not self.measured.date_field:
				moment = self.now
		else:
			moment = self.now
		return self._between(change.clock.last_event_at if change.clock else None, moment)

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
			frappe.throw(
				_(
					"Clock Definition {0}: the condition {1} fails for this record: {2}. An administrator can try it on this record and correct it."
				).format(
					frappe.bold(self.definition.name),
					frappe.bold(_(frappe.get_meta("Clock Definition").get_label(condition))),
					frappe.utils.escape_html(str(error)),
				)
			)
