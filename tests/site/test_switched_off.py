"""A calendar, policy or matrix that is switched off measures no new request; what is running goes on by it (6.3.b)."""

from datetime import timedelta

import desk_door
import frappe
import pytest
import scenario

from ops_delivery.services.engine import health

LATER = scenario.MONDAY + timedelta(hours=1)


@pytest.fixture
def desk():
	return desk_door.Desk("System Manager", "Service Delivery Manager")


@pytest.fixture
def agreement():
	return scenario.agreement()


def clocks(issue):
	return {
		row.commitment: row
		for row in frappe.get_all(
			"Service Clock",
			filters={"reference_doctype": "Issue", "reference_name": issue.name},
			fields=["commitment", "state", "policy", "calendar"],
		)
	}


def switch(desk, doctype, name, enabled=0):
	answer = desk.save(frappe.get_doc(doctype, name), enabled=enabled)
	assert answer.status == 200, answer.text
	return desk_door.said(answer)


def test_a_calendar_that_is_off_starts_no_clock_on_a_new_request(desk, agreement):
	running = scenario.issue(agreement)
	said = switch(desk, "Service Calendar", agreement.calendar)
	assert agreement.title in said and "go on by it" in said and "no clock" in said
	new = scenario.issue(agreement)
	assert new.ops_agreement == agreement.name and clocks(new) == {} and not new.agreement_status
	panel = frappe.parse_json(desk.call("ops_delivery.api.clocks.panel", doctype="Issue", name=new.name).text)["message"]
	assert any(agreement.calendar in row["why"] and "switched off" in row["why"] for row in panel["not_measured"])
	assert any(agreement.calendar in line for line in health.status()["messages"])

	scenario.change(running, LATER, ops_onsite=1)
	states = {commitment: row.state for commitment, row in clocks(running).items()}
	assert states["Resolution"] == "Running" and states["On-site Arrival"] == "Running"  # it was taken on by it

	switch(desk, "Service Calendar", agreement.calendar, 1)
	assert clocks(scenario.issue(agreement))["Resolution"].state == "Running"


def test_a_policy_that_is_off_warns_of_no_new_request(desk, agreement):
	running = scenario.issue(agreement)
	said = switch(desk, "Escalation Policy", agreement.escalation_policy)
	assert "Nobody is warned" in said and "escalated as before" in said
	new = scenario.issue(agreement)
	assert clocks(new)["Resolution"].state == "Running" and not clocks(new)["Resolution"].policy
	scenario.change(new, LATER, subject="Again")
	assert not clocks(new)["Resolution"].policy
	scenario.change(running, LATER, subject="Again")
	assert clocks(running)["Resolution"].policy == agreement.escalation_policy
	switch(desk, "Escalation Policy", agreement.escalation_policy, 1)
	scenario.change(new, LATER + timedelta(minutes=5), subject="Once more")
	assert clocks(new)["Resolution"].policy == agreement.escalation_policy


def test_a_matrix_that_is_off_suggests_nothing_for_a_new_request(desk, agreement):
	judged = {"ops_validity": "Valid", "issue_type": "Fault", "ops_urgency": "Very Urgent", "ops_importance": "Very Important"}
	before = scenario.change(scenario.issue(agreement), LATER, **judged)
	assert before.priority == "Urgent"
	said = switch(desk, "Priority Matrix", agreement.priority_matrix)
	assert "no priority is suggested" in said
	new = scenario.change(scenario.issue(agreement), LATER, **judged, priority="Low")
	assert new.priority == "Low" and not new.ops_suggested_priority
	kept = scenario.change(before, LATER + timedelta(minutes=5), subject="Again")
	assert kept.ops_suggested_priority == "Urgent"
	answer = desk.call(
		"ops_delivery.api.issue.priority_by_matrix", issue=new.name, urgency="Urgent", importance="Important"
	)
	assert answer.status == 417 and "switched off" in desk_door.said(answer)


@pytest.mark.parametrize("field", ["calendar", "escalation_policy", "priority_matrix"])
def test_switching_off_is_previewed(desk, agreement, field):
	doctype = agreement.meta.get_field(field).options
	answer = desk.call("ops_delivery.api.configuration.switch_off_preview", doctype=doctype, name=agreement.get(field))
	lines = frappe.parse_json(answer.text)["message"]
	assert any(agreement.title in line for line in lines)


@pytest.mark.parametrize("field", ["calendar", "escalation_policy", "priority_matrix"])
def test_deleting_says_what_to_do_instead_and_what_becomes_of_the_running_ones(desk, agreement, field):
	scenario.issue(agreement)
	answer = desk.call(
		"frappe.client.delete", doctype=agreement.meta.get_field(field).options, name=agreement.get(field)
	)
	said = desk_door.said(answer)
	assert answer.status == 417 and "goes on by it" in said and "no new request" in said


@pytest.mark.parametrize("field", ["priority_matrix", "calendar"])
def test_a_new_agreement_names_none_that_is_off(desk, agreement, field):
	frappe.db.set_value(agreement.meta.get_field(field).options, agreement.get(field), "enabled", 0)
	with pytest.raises(frappe.ValidationError, match="switched off"):
		scenario.agreement(submit=False, **{field: agreement.get(field)})


def test_a_measured_type_says_how_many_clocks_end_with_it(desk, agreement):
	issue = scenario.issue(agreement)
	asked = desk.call("ops_delivery.api.configuration.switch_off_preview", doctype="Measured Record Type", name="Issue")
	(line,) = frappe.parse_json(asked.text)["message"]
	live = frappe.db.count("Service Clock", {"reference_doctype": "Issue", "state": ["in", ["Running", "Paused"]]})
	assert live >= len(clocks(issue)) == 3 and line.startswith(f"{live} running or paused clocks end")
	assert line in switch(desk, "Measured Record Type", "Issue")
