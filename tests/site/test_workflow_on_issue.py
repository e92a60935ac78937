"""An administrator's Workflow on Issue: the customer's answer goes through, and the state follows as mapped (6.3.g)."""

from datetime import timedelta

import customers
import factories
import frappe
import pytest
import receiving
import scenario
import wire

from ops_delivery.services.requests import acceptance, acceptance_decision

MAPPED = (("Opened", "Open"), ("Being Done", "Open"), ("Halted", "On Hold"), ("Offered", "Resolved"), ("Finished", "Closed"))
LATER = scenario.MONDAY + timedelta(hours=5)


@pytest.fixture
def w(site):
	w = customers.world()
	frappe.utils.password.update_password(w.asker, wire.PASSWORD)
	frappe.db.commit()
	yield w
	frappe.db.set_value("Workflow", {"document_type": "Issue"}, "is_active", 0)
	frappe.db.commit()
	frappe.clear_cache(doctype="Issue")


def workflow(field: str, states, transitions):
	for state in {state for state, _status in states}:
		if not frappe.db.exists("Workflow State", state):
			factories.make("Workflow State", workflow_state_name=state)
	if not frappe.db.exists("Workflow Action Master", "Go On"):
		factories.make("Workflow Action Master", workflow_action_name="Go On")
	made = factories.make(
		"Workflow",
		workflow_name=factories.unique("Issues"),
		document_type="Issue",
		workflow_state_field=field,
		is_active=1,
		send_email_alert=0,
		states=[
			{
				"state": state,
				"doc_status": "0",
				"allow_edit": "Service Desk",
				**({} if field == "status" else {"update_field": "status", "update_value": status}),
			}
			for state, status in states
		],
		transitions=[
			{"state": before, "action": "Go On", "next_state": after, "allowed": "Service Desk"}
			for before, after in transitions
		],
	)
	frappe.clear_cache(doctype="Issue")
	return made


def by_status():
	states = ("Open", "Replied", "On Hold", "Resolved", "Closed")
	return workflow("status", [(one, one) for one in states], [("Open", "Resolved"), ("Open", "On Hold")])


def by_another_field(w):
	made = workflow(
		"ops_test_state", MAPPED, [("Opened", "Being Done"), ("Being Done", "Offered"), ("Offered", "Being Done")]
	)
	frappe.db.set_value("Issue", w.issue.name, "ops_test_state", "Offered")
	return made


def answer(w, site, verdict, **form):
	frappe.db.commit()
	said = wire.Visitor(site, w.asker).call(
		"ops_delivery.api.acceptance.decide", "POST", issue=w.issue.name, decision=verdict, **form
	)
	frappe.db.rollback()  # to read what the request wrote
	return said


@pytest.mark.committed
@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize(
	("verdict", "form", "status"),
	[("Accepted", {}, "Closed"), ("Rejected", {"comment": "still broken"}, "Open")],
)
def test_the_customers_answer_goes_through_a_workflow_on_the_status(w, site, verdict, form, status):
	by_status()
	said = answer(w, site, verdict, **form)
	assert said.status == 200, said.text[:500]
	assert frappe.db.get_value("Issue", w.issue.name, ["status", "ops_acceptance_status"]) == (status, verdict)


@pytest.mark.committed
@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize(
	("verdict", "form", "stands"),
	[("Accepted", {}, ("Closed", "Finished")), ("Rejected", {"comment": "no"}, ("Open", "Being Done"))],
)
def test_the_state_in_another_field_follows_as_it_is_mapped(w, site, verdict, form, stands):
	by_another_field(w)
	said = answer(w, site, verdict, **form)
	assert said.status == 200, said.text[:500]
	assert frappe.db.get_value("Issue", w.issue.name, ["status", "ops_test_state"]) == stands


@pytest.mark.committed
def test_staff_still_need_the_steps(w, site):
	from frappe.model.workflow import WorkflowPermissionError

	by_status()
	issue = frappe.get_doc("Issue", w.issue.name)
	issue.status = "On Hold"
	issue.ops_pause_reason = "because"
	with pytest.raises(WorkflowPermissionError):
		issue.save()


@pytest.mark.committed
def test_a_request_from_the_portal_begins_where_the_workflow_begins(w, site):
	by_another_field(w)
	frappe.db.commit()
	said = wire.Visitor(site, w.asker).call(
		"ops_delivery.api.portal.raise_request", "POST", subject="Printer", description="Paper jam"
	)
	assert said.status == 200, said.text[:500]
	frappe.db.rollback()
	assert frappe.db.get_value("Issue", said.json["message"], ["status", "ops_test_state"]) == ("Open", "Opened")


@pytest.mark.committed
def test_the_state_follows_a_mail_that_ends_a_pause(w, site):
	by_another_field(w)
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	frappe.db.set_value(
		"Issue", issue.name, {"status": "On Hold", "ops_pause_reason": "x", "ops_test_state": "Halted"}
	)
	receiving.receive(receiving.door(), receiving.message(issue, w.asker))
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_test_state"]) == ("Open", "Opened")


@pytest.mark.committed
def test_silence_that_counts_goes_through_too(w):
	by_another_field(w)
	issue, _doc = acceptance.locked(customers.open_one(w.issue))
	acceptance.conclude(issue, acceptance_decision.DEEMED)
	assert frappe.db.get_value("Issue", w.issue.name, ["status", "ops_test_state"]) == ("Closed", "Finished")
