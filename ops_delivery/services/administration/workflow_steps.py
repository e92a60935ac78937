"""An administrator's Workflow on a record of ours whose course our own steps move (6.3.b, 5.4.d, 5.5.b).

A Workflow says which steps staff may take by its buttons. The customer's answer to a complaint, silence that counts, and what
a step of ours does are none of them: each has asked for its own right. The state follows, as the administrator maps it. The
reviewed documents and visits have phases of their own (services/reviews/phase_guard.py), an Issue requests/issue_state.py.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.permissions import steps
from ops_delivery.services.reviews import workflow_states

COURSE = {
	"Consulting Recommendation": "state",
	"Delivery Activity": "state",
	"Field Service Request": "state",
	"Improvement Action": "state",
	"Service Complaint": "status",
	"Service Handover": "state",
	"Service Leftover": "state",
}


def follow(doc: Any, _method: str | None = None) -> None:
	"""doc_events validate of these: let a step of ours go through, and the Workflow's state follow it."""
	if not steps.is_taken(doc):
		return
	field, before = COURSE[doc.doctype], doc.get_doc_before_save()
	if not before or before.get(field) == doc.get(field):
		return
	workflow = workflow_states.active(doc.doctype)
	if not workflow:
		return
	kept_in = workflow.workflow_state_field
	state = workflow_states.state_for(workflow, before.get(kept_in), doc.get(field), field)
	if state:
		doc.set(kept_in, state.state)
		if state.update_field and state.update_field != field:
			doc.set(state.update_field, state.update_value)
	doc.validate_workflow = _is_no_step


def _is_no_step() -> None:
	"""In place of Document.validate_workflow."""
