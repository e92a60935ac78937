"""What another Clock Definition does to the clocks that run by it: each of their records looked at by the old conditions and
by the new ones, in memory (6.3.b)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr

from ops_delivery.domain.clock import Status
from ops_delivery.domain.states import CLOCK_LIVE
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import refreshing as following
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.clocks.changes import CALENDARS, Change
from ops_delivery.services.clocks.facts import ConditionFails, Situation
from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.scope.definition_fields import CONDITIONS, MOMENT_FIELDS, OWN_TERMS
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared.locale import in_site_language
from ops_delivery.services.shared.site_time import utc_now

DOCTYPE = "Clock Definition"
SAID = (*CONDITIONS, *MOMENT_FIELDS, *OWN_TERMS)
ENDED = Status.CANCELLED.value


def content(doc: Any) -> dict[str, Any]:
	"""What a Rule Version keeps of a definition: its conditions, moments and own terms."""
	return {name: _plain(doc.get(name)) for name in ("commitment", "document_type", "enabled", *SAID)}


def changes(doc: Any) -> bool:
	"""Whether a definition, as it stands, measures otherwise than as it is stored."""
	before = doc.get_doc_before_save() or frappe.get_doc(DOCTYPE, doc.name)
	return content(before) != content(doc)


def moves(doc: Any) -> Iterator[tuple[frappe._dict, datetime | None, datetime | None]]:
	"""Each live clock of a definition with its deadline as the stored conditions give it and as the new ones would. The
	row says the states, too: `was` and `becomes`."""
	before = doc.get_doc_before_save() or frappe.get_doc(DOCTYPE, doc.name)
	measured = definitions.for_doctype(before.document_type)
	by_type: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in _rows(doc.name):
		by_type[row.reference_doctype].append(row)
	now = utc_now()
	current = cache(partial(versions.current, "Service Calendar"))
	for doctype, rows in by_type.items():
		records = _records(doctype, {row.reference_name for row in rows}, before, doc)
		for row in rows:
			record = records.get(row.reference_name)
			if not record or not measured or row.set_aside:
				yield row, None, None  # nothing measures it, or it waits for the correction
				continue
			(row.was, old), (row.becomes, new) = (
				_outcome(row, record, measured, definition, now, current) for definition in (before, doc)
			)
			yield row, old, new


def follow(doc: Any) -> None:
	"""on_update: keep the change with its reason, and have the running clocks follow it after the commit."""
	choice = rule_changes.chosen(doc)
	if not choice:
		return
	before = doc.get_doc_before_save()
	if not versions.latest(DOCTYPE, doc.name):
		versions.publish(DOCTYPE, doc.name, content(before))
	version = versions.publish(DOCTYPE, doc.name, content(doc), rule_changes.noted(doc))
	doc.db_set("revision", versions.revision(version), update_modified=False)
	method = "ops_delivery.services.clocks.definition_moves.replan"
	queueing.enqueue_after_commit(method, queue="long", definition=doc.name, version=version)


@in_site_language
def replan(definition: str, version: str) -> int:
	"""Job: evaluate the records whose clocks run by a definition that changed; how many changed."""
	reason = _("The clock definition {0} changed").format(definition) + rule_changes.why(version)
	done = 0
	for doctype, name in dict.fromkeys((row.reference_doctype, row.reference_name) for row in _rows(definition)):
		done += following.refresh(doctype, name, reason)
		frappe.db.commit()
	return done


def _outcome(row, record, measured, definition, now, current) -> tuple[str, datetime | None]:
	"""The clock's state and deadline after its record was looked at by a definition."""
	if not cint(definition.enabled) or definition.document_type != record.doctype:
		return ENDED, None
	change = Change(frappe._dict(row), clock_store.to_domain(row, CALENDARS))
	terms = agreements.terms(row.agreement) if row.agreement else None
	read = frappe._dict({name: definition.get(name) for name in ("name", "commitment", *SAID)})
	known = frozenset(one for one in (row.calendar, row.policy) if one)
	situation = Situation(
		record, definitions.facts(record), None, measured, read, terms, now, False, "", current, known
	)
	try:
		situation.advance(change)
	except ConditionFails:
		return Status.PAUSED.value, None
	return change.clock.status.value, change.clock.due


def _rows(name: str) -> list[frappe._dict]:
	clock = frappe.qb.DocType("Service Clock")
	return (
		frappe.qb.from_(clock)
		.select(*[clock[one] for one in clock_store.CLOCK_FIELDS])
		.where((clock.clock_definition == name) & clock.state.isin(CLOCK_LIVE))
	).run(as_dict=True)


def _records(doctype: str, names: set[str], *asked: Any) -> dict[str, Any]:
	"""The records as documents by name, with those of their tables that a condition names: one query a table."""
	text = " ".join(cstr(definition.get(name)) for definition in asked for name in CONDITIONS)
	values = {
		cstr(row.name): row
		for row in frappe.get_all(doctype, filters={"name": ["in", sorted(names)]}, fields=["*"], order_by="name")
	}
	for df in frappe.get_meta(doctype).get_table_fields():
		if df.fieldname not in text:
			continue
		for row in values.values():
			row[df.fieldname] = []
		for child in frappe.get_all(
			df.options,
			filters={"parent": ["in", sorted(names)], "parenttype": doctype, "parentfield": df.fieldname},
			fields=["*"],
			order_by="parent, idx",
		):
			values[cstr(child.parent)][df.fieldname].append(child)
	return {name: frappe.get_doc({"doctype": doctype, **row}) for name, row in values.items()}


def _plain(value: Any) -> Any:
	if value is None or isinstance(value, str):
		return cstr(value).strip() or None
	return cint(value) or None
