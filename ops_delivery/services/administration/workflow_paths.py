"""Trying a Workflow's path, as it stands in the form: from each state, who may do what, where it leads, and what would be refused. (6.3.b)

By a role: whether it has the right to the document type. By a record: whether its conditions hold, and which reviews it still needs.
Nothing is changed.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.workflow import is_transition_condition_satisfied
from frappe.utils import cint, cstr

from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.registry import REGISTRY

EVERYBODY = ("All", "Desk User")


def paths(doc: Any, role: str | None = None, record: str | None = None) -> dict[str, Any]:
	"""{states: [{state, label, phase, docstatus, reached, steps: [{action, to, to_phase, role, condition, refused, needs}]}], at}.

	`reached`: some step leads there, or documents begin there. `refused`: why the step would fail, in sentences; `needs`: reviews
	before it. `at`: the state of the record. With a role only its steps are given; one without any step has none.
	"""
	document = frappe.get_doc(doc.document_type, record) if record else None
	if document:
		document.check_permission("read")
	led_to = {row.next_state for row in doc.transitions}
	first = doc.states[0].state if doc.states else None
	return {
		"at": cstr(document.get(doc.workflow_state_field)) if document else None,
		"states": [
			{
				"state": row.state,
				"label": _(cstr(row.state)),
				"phase": _phase(doc, row.state),
				"sets": _sets(doc, row),
				"reached": row.state in led_to or row.state == first,
				"steps": [
					_step(doc, step, document)
					for step in doc.transitions
					if step.state == row.state and (not role or step.allowed in (role, *EVERYBODY))
				],
			}
			for row in doc.states
		],
	}


def roles(doc: Any) -> list[str]:
	"""Those that have a step."""
	return sorted({cstr(row.allowed) for row in doc.transitions if row.allowed})


def lacking(doc: Any, step: Any) -> list[str]:
	"""The rights to the document type that a step takes and its role has not."""
	if step.allowed in EVERYBODY:
		return []
	statuses = {row.state: cint(row.doc_status) for row in doc.states}
	before, after = statuses.get(step.state), statuses.get(step.next_state)
	needed = {"cancel"} if after == 2 else {"write", *(("submit",) if (before, after) == (0, 1) else ())}
	given = {
		right
		for rule in frappe.get_meta(doc.document_type).permissions
		if rule.role in (step.allowed, "All") and not cint(rule.permlevel)
		for right in needed
		if cint(rule.get(right))
	}
	return sorted(needed - given)


def _step(doc: Any, step: Any, document: Any) -> dict[str, Any]:
	refused = []
	if rights := lacking(doc, step):
		refused.append(
			_("The role {0} may not {1} a {2}.").format(
				_(cstr(step.allowed)), ", ".join(_(right) for right in rights), _(doc.document_type)
			)
		)
	if step.next_state not in {row.state for row in doc.states}:
		refused.append(_("It leads to {0}, which is no state of this workflow.").format(_(cstr(step.next_state))))
	if document and (text := _by_condition(step, document)):
		refused.append(text)
	return {
		"action": _(cstr(step.action)),
		"to": _(cstr(step.next_state)),
		"to_phase": _phase(doc, step.next_state),
		"role": _(cstr(step.allowed)),
		"condition": cstr(step.condition).strip(),
		"refused": refused,
		"needs": _needs(doc, step, document),
	}


def _by_condition(step: Any, document: Any) -> str:
	if not cstr(step.condition).strip():
		return ""
	try:
		holds = is_transition_condition_satisfied(step, document)
	except Exception as error:
		return _("The condition cannot be evaluated on {0}: {1}").format(document.name, cstr(error)[:200])
	return "" if holds else _("The condition does not hold on {0}.").format(document.name)


def _needs(doc: Any, step: Any, document: Any) -> list[str]:
	"""Reviews that are asked for on the way; of a record those that it still lacks."""
	if doc.document_type not in REGISTRY:
		return []
	here, there = workflow_states.rank_in(doc, step.state), workflow_states.rank_in(doc, step.next_state)
	if there is None or (here is not None and there <= here):
		return []
	if document:
		target = workflow_states.phase_of(doc, step.next_state) or step.next_state
		return [frappe.utils.strip_html(need.text) for need in reviews.missing(document, target, here)]
	return [
		_(rule.name)
		for rule in review_rules.of_doctype(doc.document_type)
		if rule.rank <= there and (here is None or rule.rank > here)
	]


def _phase(doc: Any, state: str) -> str:
	"""The phase that a state stands for, in the reader's language; blank where it keeps the phase, or there are none."""
	phase = workflow_states.phase_of(doc, state) if doc.document_type in REGISTRY else None
	return _(phase, context=doc.document_type) if phase else ""


def _sets(doc: Any, row: Any) -> str:
	"""Of a type without phases: the field that the state sets, and to what."""
	if doc.document_type in REGISTRY or not row.update_field:
		return ""
	field = frappe.get_meta(doc.document_type).get_field(row.update_field)
	label = _(field.label, context=doc.document_type) if field else row.update_field
	return f"{label}: {_(cstr(row.update_value))}"
