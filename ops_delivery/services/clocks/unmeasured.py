"""What is not measured, said as that: no promise for a priority, a condition that fails, a request without any clock (5.3.d).

A request on which no clock is running, paused or met is neither kept nor missed; no list, page or figure calls it fulfilled.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Coalesce
from frappe.utils import cstr

from ops_delivery.services.agreements import switched_off
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import store as clock_store
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope.definition_fields import CONDITIONS

CANCELLED = "Cancelled"


def of_record(doctype: str, name: str) -> list[dict[str, Any]]:
	"""The commitments of a record that no clock measures though its conditions would have one, or cannot be asked:
	{commitment, why}, in the order of the definitions."""
	measured = definitions.for_doctype(doctype)
	if not measured or not frappe.db.exists(doctype, name):
		return []
	doc = frappe.get_doc(doctype, name)
	seen = definitions.facts(doc)
	clocks = clock_store.peek(doctype, cstr(name))
	terms = _terms(measured, doc, clocks)
	found = []
	for definition in measured.definitions:
		state = clocks[definition.name].state if definition.name in clocks else None
		if state in ("Running", "Met") or (state == "Paused" and clocks[definition.name].set_aside):
			continue  # what is set aside says so itself
		why = _why(definition, seen, terms, measured, live=state == "Paused")
		if why:
			found.append({"commitment": definition.commitment, "why": why})
	return found


def without_clock(issues: DocType) -> Criterion:
	"""Requests of an agreement, not judged invalid, on which nothing is or was measured: a condition on the table Issue."""
	clock = DocType("Service Clock")
	measured = (
		frappe.qb.from_(clock)
		.select(clock.reference_name)
		.where((clock.reference_doctype == "Issue") & (clock.state != CANCELLED))
	)
	valid = Coalesce(issues.ops_validity, "") != "Invalid"
	return (issues.ops_agreement != "") & valid & issues.name.notin(measured)


def _terms(measured, doc, clocks) -> Any:
	named = doc.get(measured.agreement_field) if measured.agreement_field else None
	named = named or next((row.agreement for row in clocks.values() if row.agreement), None)
	return agreements.terms(named) if named else None


def _why(definition, seen, terms, measured, live: bool) -> str | None:
	try:
		holds = {name: definitions.truth(definition.get(name), seen) for name in CONDITIONS}
	except Exception as error:
		return _("a condition of the Clock Definition {0} fails: {1}").format(
			definition.name, definitions.said(error)
		)
	if live or definition.own_terms or not terms or holds["cancel_when"] or not holds["start_when"]:
		return None
	priority = (seen.get(measured.priority_field) if measured.priority_field else None) or terms.default_priority
	found = terms.target_for(definition.commitment, priority)
	if found and switched_off.is_off(switched_off.CALENDAR, found[1]):
		return _("the service calendar {0} is switched off").format(found[1])
	promised = any(commitment == definition.commitment for commitment, _priority in terms.targets)
	if not promised or found:
		return None  # never promised at all, or not begun
	return _("{0} promises nothing for the priority {1}").format(terms.name, _(priority))
