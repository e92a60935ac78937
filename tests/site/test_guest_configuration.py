"""A good guest: what an administrator configures for Issues is the host's until an Issue can be ours."""

import desk_door
import pytest
import scenario
from test_guest_cost import forget_all_use
from test_workflow_check import said, workflow

from ops_delivery.permissions import switches


@pytest.fixture(autouse=True)
def unused(as_installed):
	scenario.basics()
	forget_all_use()
	yield
	switches.forget()


def flow() -> dict:
	"""Its last state writes a priority that is none, which Frappe lets pass."""
	values = workflow("Issue", [("Open", "Open"), ("Agreed", "Agreed Upon")], [("Open", "Agreed")], role="Support Team")
	return {**values, "workflow_state_field": "status"}


def script() -> dict:
	return {
		"doctype": "Server Script",
		"__islocal": 1,
		"name": "Half a thought",
		"__newname": "Half a thought",
		"script_type": "DocType Event",
		"reference_doctype": "Issue",
		"doctype_event": "Before Save",
		"script": "if doc.subject",
	}


@pytest.mark.parametrize(("values", "refusal"), [(flow, "is never Agreed Upon"), (script, "cannot be read")])
def test_what_would_not_work_is_refused_once_an_issue_can_be_ours(values, refusal):
	desk = desk_door.Desk("System Manager", "Script Manager")
	answer = desk.save(values())
	assert refusal not in said(answer), said(answer)
	scenario.agreement()
	answer = desk.save({**values(), "name": "another", "__newname": "another"})
	assert answer.status == 417 and refusal in said(answer)
