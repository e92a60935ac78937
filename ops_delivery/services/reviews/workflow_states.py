"""Between the site's workflow states and the code's phases.

An administrator adds states and transitions freely. A state that updates `status` stands for that phase; any other
state keeps the phase, and lies between the phases its transitions come from and lead to.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.reviews.registry import REGISTRY

PHASE_FIELD, STATE_FIELD = "status", "workflow_state"


def active(doctype: str) -> Any | None:
	"""The active Workflow of a DocType, or None."""
	name = frappe.get_meta(doctype).get_workflow()
	return frappe.get_cached_doc("Workflow", name) if name else None


def known(doctype: str) -> Any | None:
	"""The active Workflow of a DocType, else the one that was changed last: switched off, it still orders its states."""
	if workflow := active(doctype):
		return workflow
	names = frappe.get_all(
		"Workflow", filters={"document_type": doctype}, pluck="name", order_by="modified desc", limit=1
	)
	return frappe.get_cached_doc("Workflow", names[0]) if names else None


def state_for(workflow: Any, current: str | None, value: str, field: str) -> Any | None:
	"""The state (row) of a Workflow that belongs to a value of a record's own field of its course; None where the administrator
	named none.

	Where the Workflow keeps its state in that field, the value itself; else the state that updates the field to it, first one
	that a step leads to from where the record stands.
	"""
	if workflow.workflow_state_field == field:
		return next((row for row in workflow.states if row.state == value), None)
	fitting = [
		row for row in workflow.states if row.update_field == field and (row.update_value or "").strip() == value
	]
	staying = [row for row in fitting if row.state == current]
	reached = {row.next_state for row in workflow.transitions if row.state == current}
	return next(iter([*staying, *(row for row in fitting if row.state in reached), *fitting]), None)


def phase_of(workflow: Any, state: str | None) -> str | None:
	"""The phase a workflow state stands for, or None if it keeps the phase."""
	for row in workflow.states:
		if row.state == state and row.update_field == PHASE_FIELD:
			phase = (row.update_value or "").strip()
			return phase if phase in REGISTRY[workflow.document_type].all_phases else None
	return None


def state_of(workflow: Any, phase: str) -> str | None:
	"""The first workflow state that stands for a phase (or for the phase of the same rank)."""
	entry = REGISTRY[workflow.document_type]
	for wanted in (phase, entry.same_rank.get(phase)):
		for row in workflow.states:
			if wanted and phase_of(workflow, row.state) == wanted:
				return row.state
	return None


def rank(doctype: str, name: str | None) -> float | None:
	"""The place of a phase or workflow state on the path: whole for a phase, half past one for a state after it.

	None off the path and for a name that is neither.
	"""
	entry = REGISTRY[doctype]
	if name in entry.all_phases:
		return entry.rank(name)
	workflow = known(doctype)
	return rank_in(workflow, name) if workflow else None


def rank_in(workflow: Any, state: str | None) -> float | None:
	"""The place of a state of a workflow, which need not be the stored one."""
	if not any(row.state == state for row in workflow.states):
		return None
	phase = phase_of(workflow, state)
	return REGISTRY[workflow.document_type].rank(phase) if phase else _rank_between(workflow, state)


def names(doctype: str) -> list[str]:
	"""Everything a rule can be needed before: the phases after the first, then the workflow's own states."""
	workflow = known(doctype)
	found = [*REGISTRY[doctype].phases[1:]]
	states = [row.state for row in workflow.states] if workflow else []
	return found + [state for state in states if state not in REGISTRY[doctype].all_phases]


def _rank_between(workflow: Any, state: str) -> float | None:
	"""Half past the earliest phase from which transitions lead to the state, over other states between if need be."""
	entry = REGISTRY[workflow.document_type]
	seen, waiting, ranks = {state}, [state], []
	while waiting:
		current = waiting.pop()
		for row in workflow.transitions:
			if row.next_state != current or row.state in seen:
				continue
			seen.add(row.state)
			phase = phase_of(workflow, row.state)
			if phase is None:
				waiting.append(row.state)
			elif (found := entry.rank(phase)) is not None:
				ranks.append(found)
	return min(ranks) + 0.5 if ranks else None
