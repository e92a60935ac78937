"""An administrator's Workflow on Issue, where the status changes by what is no step of it (6.3.g).

A Workflow says which steps staff may take. The customer's answer, silence that counts, and a mail that ends a pause are not
steps of anybody: they set the status, and the Workflow's state follows. Which state belongs to a status is the
administrator's word: where the Workflow keeps its state in `status`, the status itself; else the state that updates the
field `status` to that value, first one that a step leads to from where the Issue stands.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.reviews import workflow_states

STATUS = "status"


def set_status(issue: Any, status: str) -> None:
	"""Set an Issue's status past the steps of a Workflow, and let its state follow. Does not save."""
	issue.status = status
	workflow = workflow_states.active(issue.doctype)
	if not workflow:
		return
	state = state_for(workflow, issue.get(workflow.workflow_state_field), status)
	if state:
		issue.set(workflow.workflow_state_field, state.state)
		if state.update_field and state.update_field != STATUS:
			issue.set(state.update_field, state.update_value)
	# Frappe asks whether the session's user may take this step; whoever set the status was asked for another right
	issue.validate_workflow = _is_no_step


def first_status(doctype: str = "Issue") -> str | None:
	"""The status a Workflow begins with where it keeps its state there; None elsewhere."""
	workflow = workflow_states.active(doctype)
	return workflow.states[0].state if workflow and workflow.workflow_state_field == STATUS else None


def follow(name: str) -> None:
	"""Let the state of a stored Issue follow a status that was set past its save."""
	workflow = workflow_states.active("Issue")
	if not workflow or workflow.workflow_state_field == STATUS:
		return
	field = workflow.workflow_state_field
	row = frappe.db.get_value("Issue", name, [STATUS, field], as_dict=True)
	state = row and state_for(workflow, row[field], row[STATUS])
	if state and state.state != row[field]:
		frappe.db.set_value("Issue", name, field, state.state, update_modified=False)


def state_for(workflow: Any, current: str | None, status: str) -> Any | None:
	"""The state (row) of a Workflow that belongs to a status; None where the administrator named none."""
	return workflow_states.state_for(workflow, current, status, STATUS)


def _is_no_step() -> None:
	"""In place of Document.validate_workflow."""
