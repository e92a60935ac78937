"""A Workflow that would fail at the click is refused when it is saved, with everything that is wrong (issue 17, 11)."""

import itertools

import desk_door
import factories
import frappe
import planning
import pytest
import scenario

from ops_delivery.services import workflow_check

SHEET, PLAN = "Field Service Sheet", "Delivery Plan"


@pytest.fixture
def desk():
	scenario.basics()
	return desk_door.Desk("System Manager", "Service Delivery Manager")


def state(name: str) -> str:
	if not frappe.db.exists("Workflow State", name):
		factories.make("Workflow State", workflow_state_name=name)
	return name


def workflow(doctype, states, transitions=(), role="Service Delivery Manager", **values):
	"""Values of a new Workflow: states as (name, phase or None)."""
	if not frappe.db.exists("Workflow Action Master", "Go On"):
		factories.make("Workflow Action Master", workflow_action_name="Go On")
	return {
		"doctype": "Workflow",
		"__islocal": 1,
		"name": "new-workflow-1",
		"workflow_name": factories.unique("Flow"),
		"document_type": doctype,
		"workflow_state_field": "workflow_state",
		"is_active": 1,
		"states": [
			{
				"doctype": "Workflow Document State",
				"state": state(name),
				"doc_status": "0",
				"allow_edit": role,
				**({"update_field": "status", "update_value": phase} if phase else {}),
			}
			for name, phase in states
		],
		"transitions": [
			{"doctype": "Workflow Transition", "state": a, "action": "Go On", "next_state": b, "allowed": role}
			for a, b in transitions
		],
		**values,
	}


def said(answer):
	return frappe.utils.strip_html(desk_door.said(answer))


def test_one_on_visits_whose_states_carry_no_phase_is_refused(desk):
	answer = desk.save(workflow(SHEET, [("To Do", None), ("Done With", None)], [("To Do", "Done With")]))
	assert answer.status == 417 and "No state stands for a phase" in said(answer) and "Planned" in said(answer)


def test_one_on_visits_needs_a_state_and_a_step_for_every_phase(desk):
	answer = desk.save(workflow(SHEET, [("Planned", "Planned"), ("Left", "Left")], [("Planned", "Left")]))
	assert answer.status == 417 and "enter every phase" in said(answer)


def test_states_of_a_phases_name_are_mapped_and_it_is_said(desk):
	names = ["Draft", "Internal Review", "Customer Review", "Approved"]
	answer = desk.save(workflow(PLAN, [(name, None) for name in names], list(itertools.pairwise(names))))
	assert answer.status == 200, answer.text
	assert "Approved → Approved" in said(answer)
	made = frappe.get_doc("Workflow", frappe.parse_json(answer.text)["docs"][0]["name"])
	assert [row.update_value for row in made.states] == names


def test_an_impossible_value_and_a_role_without_the_right_are_refused_at_once(desk):
	answer = desk.save(
		workflow(PLAN, [("Draft", "Draft"), ("Agreed", "Agreed Upon")], [("Draft", "Agreed")], role="Delivery Auditor")
	)
	text = said(answer)
	assert answer.status == 417 and "is never Agreed Upon" in text and "Approved" in text
	assert "Delivery Auditor may not write" in text


def test_a_value_of_another_field_is_looked_at_too(desk):
	values = workflow("Issue", [("Begun", "Open"), ("Over", "Clozed")], [("Begun", "Over")], role="Service Desk")
	answer = desk.save(values)
	assert answer.status == 417 and "is never Clozed" in said(answer) and "Closed" in said(answer)


def test_a_state_with_documents_in_it_does_not_vanish(desk):
	plan = planning.plan()
	flow = frappe.get_doc("Workflow", frappe.get_meta(PLAN).get_workflow())
	extra = state("Waiting Room")
	values = flow.as_dict()
	values["states"].append({"doctype": "Workflow Document State", "state": extra, "doc_status": "0", "allow_edit": "Service Delivery Manager"})
	saved = desk.save(values)
	assert saved.status == 200, saved.text
	frappe.db.set_value(PLAN, plan.name, "workflow_state", extra)
	flow.reload()
	values = flow.as_dict()
	values["states"] = [row for row in values["states"] if row["state"] != extra]
	answer = desk.save(values)
	assert answer.status == 417 and "1 documents are in the state Waiting Room" in said(answer)
	frappe.db.set_value(PLAN, plan.name, "workflow_state", "Draft")
	assert desk.save(values).status == 200


def test_switched_on_again_state_and_phase_agree(desk):
	plan = planning.plan()
	flow = frappe.get_doc("Workflow", frappe.get_meta(PLAN).get_workflow())
	assert desk.save(flow.as_dict(), is_active=0).status == 200
	frappe.db.set_value(PLAN, plan.name, "status", "Internal Review")
	flow.reload()
	assert desk.save(flow.as_dict(), is_active=1).status == 200
	assert frappe.db.get_value(PLAN, plan.name, "workflow_state") == "Internal Review"


def test_those_that_we_ship_pass(desk):
	for name in frappe.get_all("Workflow", {"is_active": 1}, pluck="name"):
		answer = desk.save(frappe.get_doc("Workflow", name).as_dict())
		assert answer.status == 200, (name, said(answer))


def test_the_hosts_types_are_the_hosts(desk):
	doc = frappe.get_doc({**workflow("Note", [("One", None)], role="Delivery Auditor"), "name": None})
	assert workflow_check.check(doc) is None
