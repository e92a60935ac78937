"""An administrator's Workflow on records of ours stops no step of ours: the customer answers, staff use the buttons (5.4.d, 6.3.g)."""

import api_calls
import complaining
import customers
import factories
import frappe
import pytest
from pages import get

SEEN, GO_ON = ("Received", "Acknowledged"), "Go On"


def workflow(doctype: str, field: str, transitions, role: str = "Service Delivery Manager"):
	"""One that keeps its state in the record's own field, with a few of its steps."""
	states = [value for value in frappe.get_meta(doctype).get_field(field).options.split("\n") if value]
	for state in states:
		if not frappe.db.exists("Workflow State", state):
			factories.make("Workflow State", workflow_state_name=state)
	if not frappe.db.exists("Workflow Action Master", GO_ON):
		factories.make("Workflow Action Master", workflow_action_name=GO_ON)
	factories.make(
		"Workflow",
		workflow_name=factories.unique(doctype),
		document_type=doctype,
		workflow_state_field=field,
		is_active=1,
		send_email_alert=0,
		states=[{"state": state, "doc_status": "0", "allow_edit": role} for state in states],
		transitions=[
			{"state": before, "action": GO_ON, "next_state": after, "allowed": role} for before, after in transitions
		],
	)
	frappe.clear_cache(doctype=doctype)
	frappe.db.commit()


@pytest.mark.clause("5.4.d")
@pytest.mark.parametrize(("answer", "status"), [("accept", "Closed"), ("appeal", "Appealed")])
def test_the_customer_answers_their_complaint(site, answer, status):
	w = complaining.world()
	complaining.told(w)
	workflow("Service Complaint", "status", [SEEN])
	form = {"answer": answer, "note": "Nobody has come yet"}
	code, page = get(f"/complaints/{w.complaint.name}", w.asker, method="POST", form=form)
	assert code == 303, page[-200:]
	assert complaining.fresh(w).status == status


def test_staff_use_the_buttons_of_the_form_and_of_nothing_else(site):
	w = complaining.world()
	complaining.told(w)
	workflow("Service Complaint", "status", [SEEN])
	another = complaining.complain(w)
	taken = api_calls.post(w.desk, "ops_delivery.api.complaints.acknowledge", name=another.name)
	assert taken.status == 200, taken.text
	assert frappe.db.get_value("Service Complaint", another.name, "status") == "Acknowledged"
	by_hand = {"doctype": "Service Complaint", "name": another.name, "fieldname": "status", "value": "Closed"}
	assert api_calls.post(w.desk, "frappe.client.set_value", **by_hand).status in (403, 417)


@pytest.mark.clause("6.3.g")
def test_what_a_customer_left_open_is_solved_with_its_button(site):
	w = customers.world()
	workflow("Service Leftover", "state", [("Open", "In Progress")])
	form = {"decision": "Accepted with Reservations", "reservation": "A label is missing"}
	code, page = get(f"/service-requests/{w.issue.name}", w.asker, method="POST", form=form)
	assert code == 303, page[-200:]
	(name,) = frappe.get_all("Service Leftover", {"source_name": w.issue.name}, pluck="name")
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	solved = {"name": name, "state": "Solved", "result": "Put on"}
	answer = api_calls.post(manager, "ops_delivery.api.leftovers.set_state", **solved)
	assert answer.status == 200, answer.text
	assert frappe.db.get_value("Service Leftover", name, "state") == "Solved"
