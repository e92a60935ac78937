"""ERPNext's own button Split on an Issue that an agreement rules."""

import json
from datetime import timedelta

import api_calls
import customers
import desk_door
import factories
import frappe
import pytest
import scenario


def _split(issue) -> str:
	factories.make(
		"Communication",
		communication_medium="Email",
		subject="Another one",
		content="The printer, too",
		reference_doctype="Issue",
		reference_name=issue.name,
		sent_or_received="Received",
	)
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	communication = frappe.get_last_doc("Communication", {"reference_name": issue.name}).name
	values = {"subject": "The printer", "communication_id": communication}
	form = {"dt": "Issue", "dn": issue.name, "method": "split_issue", "args": json.dumps(values)}
	answer = api_calls.call(desk, "POST", "run_doc_method", data=form)
	assert answer.status == 200, answer.text
	return json.loads(answer.text)["message"]


@pytest.mark.clause("6.3.d")
def test_what_is_split_off_has_a_course_of_its_own(site):
	world = customers.world()
	issue = scenario.issue(world.agreement, raised_by=world.asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	moment = "2026-03-02 10:30:00"
	issue = scenario.change(
		issue,
		scenario.MONDAY + timedelta(hours=2),
		status="Replied",
		ops_onsite=1,
		ops_departed_on=moment,
		ops_arrived_on=moment,
		ops_restored_on=moment,
	)
	second = frappe.get_doc("Issue", _split(issue))
	assert (second.issue_split_from, second.status, second.customer) == (issue.name, "Open", world.customer)
	assert not (second.ops_arrived_on or second.ops_restored_on or second.ops_validity or second.first_responded_on)
	clocks = frappe.get_all(
		"Service Clock", filters={"reference_name": second.name}, fields=["commitment", "state"]
	)
	assert {row.state for row in clocks} == {"Running"} and "On-site Arrival" not in {
		row.commitment for row in clocks
	}
	told = frappe.get_all("Service Notice", filters={"reference_name": second.name}, pluck="key_point")
	assert set(told) <= {"ops_received", "ops_clock_started"}


@pytest.mark.clause("6.3.g")
def test_one_that_was_accepted_can_be_split(site):
	world = customers.world()
	from ops_delivery.services.requests import acceptance

	acceptance.decide(customers.open_one(world.issue), "Accepted", "Chen", world.asker, "Portal")
	issue = frappe.get_doc("Issue", world.issue.name)
	assert issue.status == "Closed"
	second = frappe.get_doc("Issue", _split(issue))
	assert (second.status, second.ops_acceptance_status or "", second.ops_reopen_count) == ("Open", "", 0)
	assert not second.resolution_details


@pytest.mark.clause("6.3.d")
def test_one_that_was_answered_can_be_duplicated_and_begins_anew(site):
	"""Duplicate in the form's menu copies the first response, which the form does not show."""
	world = customers.world()
	desk = desk_door.Desk("Service Desk", "Support Team")
	copied = {
		field.fieldname: world.issue.get(field.fieldname)
		for field in world.issue.meta.fields
		if not field.no_copy and world.issue.get(field.fieldname) is not None
	}
	assert copied["first_responded_on"] and copied["first_response_time"]
	answer = desk.new("Issue", **copied)
	assert answer.status == 200, desk_door.said(answer)
	second = frappe.get_doc("Issue", json.loads(answer.text)["docs"][0]["name"])
	assert (second.status, second.customer, second.subject) == ("Open", world.customer, world.issue.subject)
	assert not (second.first_responded_on or second.first_response_time or second.resolution_time)
	assert scenario.clock(second, "First Response").state == "Running"
	# who types a moment before the report is still told so
	typed = {**copied, "first_response_time": None}
	assert "lies before" in desk_door.said(desk.new("Issue", **typed))
