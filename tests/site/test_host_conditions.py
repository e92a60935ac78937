"""Conditions in the host's own rules about our records: one that would stop every save is refused when it is written (issue 17, 2)."""

import api_calls
import customers
import desk_door
import factories
import frappe
import pytest
import scenario
import thirty

from ops_delivery.services.rules import host_conditions

pytestmark = pytest.mark.clause("6.3.b")


@pytest.fixture
def desk():
	scenario.basics()
	person = desk_door.Desk("Employee")
	thirty.give_profile(person.user)
	return person


def notification(desk, condition, doctype="Issue", recipient="", **values):
	return desk.new(
		"Notification",
		__newname=factories.unique("Own"),
		subject="x",
		document_type=doctype,
		event="Save",
		channel="System Notification",
		message="x",
		condition=condition,
		recipients=[{"doctype": "Notification Recipient", "receiver_by_role": "Service Desk", "condition": recipient}],
		**{"enabled": 1, **values},
	)


def webhook(desk, condition):
	return desk.new(
		"Webhook",
		__newname=factories.unique("Hook"),
		webhook_doctype="Issue",
		webhook_docevent="on_update",
		condition=condition,
		request_url="http://127.0.0.1:9/x",
		request_structure="JSON",
		webhook_json="{}",
		enabled=1,
	)


def said(answer):
	return frappe.utils.strip_html(desk_door.said(answer))


@pytest.mark.parametrize(
	("condition", "says"),
	[
		("doc.nofield == 1", "has no field nofield"),
		("doc.name and doc.subjekt", "Did you mean subject"),
		('doc.status == "Opne"', 'is never "Opne"'),
	],
)
def test_what_no_request_can_have_is_refused(desk, condition, says):
	answer = notification(desk, condition)
	assert answer.status == 417 and says in said(answer), said(answer)
	assert notification(desk, condition, enabled=0).status == 200  # a draft
	answer = notification(desk, "", recipient=condition)
	assert answer.status == 417 and says in said(answer), said(answer)
	answer = webhook(desk, condition)
	assert answer.status == 417, said(answer)


def test_one_that_fails_on_a_record_is_refused_and_names_it(desk):
	issue = scenario.issue(scenario.agreement())
	frappe.db.set_value("Issue", issue.name, {"ops_external_number": "T-1", "ops_reopen_count": 0})
	condition = "doc.name and doc.ops_external_number and 1 / doc.ops_reopen_count > 0"
	answer = notification(desk, condition)
	assert answer.status == 417 and f"fails on {issue.name}" in said(answer), said(answer)
	frappe.db.set_value("Issue", issue.name, "ops_external_number", None)
	assert notification(desk, condition).status == 200


def test_health_names_a_rule_that_has_become_wrong_since(desk):
	issue = scenario.issue(scenario.agreement())
	condition = "doc.name and doc.ops_external_number and 1 / doc.ops_reopen_count > 0"
	saved = notification(desk, condition)
	assert saved.status == 200, said(saved)
	name = frappe.parse_json(saved.text)["docs"][0]["name"]

	def in_health():
		health = frappe.parse_json(desk.call("ops_delivery.api.health.status").text)["message"]
		return [line for line in health["messages"] if name in line]

	assert not in_health()
	frappe.db.set_value("Issue", issue.name, {"ops_external_number": "T-1", "ops_reopen_count": 0})
	(line,) = in_health()
	assert f"fails on {issue.name}" in line and "<" not in line, line
	frappe.db.set_value("Notification", name, "enabled", 0)
	assert not in_health()


def test_health_names_a_workflow_that_has_become_wrong_since(desk):
	scenario.issue(scenario.agreement())
	workflow = frappe.get_doc("Workflow", {"document_type": "Service Agreement", "is_active": 1})
	frappe.db.set_value("Workflow Transition", workflow.transitions[0].name, "condition", "doc.gone_since == 1")
	health = frappe.parse_json(desk.call("ops_delivery.api.health.status").text)["message"]
	assert [line for line in health["messages"] if workflow.name in line and "has no field gone_since" in line], health


def test_what_works_is_saved_and_requests_come_in(desk):
	w = customers.world()
	for condition in ('doc.status == "Open"', "doc.name and doc.flags.in_insert", 'doc.get("priority") == "High"'):
		answer = notification(desk, condition)
		assert answer.status == 200, said(answer)
	assert notification(desk, 'doc.object_name == "x"', "Service Object").status == 200
	staff = desk_door.Desk("Service Desk")
	issue = scenario.issue(w.agreement)
	answer = api_calls.post(
		staff.user, "frappe.client.set_value", doctype="Issue", name=issue.name, fieldname="subject", value="Other"
	)
	assert answer.status == 200, answer.text


def test_an_assignment_rule_names_fields_that_there_are(desk):
	rule = {
		"document_type": "Issue",
		"priority": 0,
		"rule": "Round Robin",
		"description": "x",
		"users": [{"doctype": "Assignment Rule User", "user": desk.user}],
		"assignment_days": [{"doctype": "Assignment Rule Day", "day": "Monday"}],
	}
	answer = desk.new("Assignment Rule", __newname=factories.unique("Rule"), assign_condition="nofield == 1", **rule)
	assert answer.status == 417 and "'nofield' is not defined" in said(answer), said(answer)
	answer = desk.new("Assignment Rule", __newname=factories.unique("Rule"), assign_condition='status == "Open"', **rule)
	assert answer.status == 200, said(answer)


def test_the_hosts_records_are_the_hosts(desk):
	assert notification(desk, "doc.nofield == 1", "Note").status == 200


def test_those_that_we_ship_pass():
	tried = 0
	for doctype in host_conditions.KINDS:
		for name in frappe.get_all(doctype, {"document_type": ["is", "set"]} if doctype != "Webhook" else {}, pluck="name"):
			host_conditions.check(frappe.get_doc(doctype, name))
			tried += 1
	assert tried > 5
	assert not [row for row in host_conditions.stored() if row[0] == "Workflow"]
