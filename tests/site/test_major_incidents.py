"""What is a major incident: by the agreement's rule in one place, or as a manager decided with a reason (8.4.b.3)."""

import json

import api_calls
import desk_door
import factories
import frappe
import incident_scene as scene
import pytest
import reviewing
import scenario

from ops_delivery.services.agreements import versions
from ops_delivery.services.incidents import proposing
from ops_delivery.services.requests import major

DECIDE = "ops_delivery.api.incidents.decide"


def message(answer):
	return json.loads(answer.text)["message"]


def is_major(issue) -> int:
	return frappe.db.get_value("Issue", issue.name, "ops_major")


@pytest.mark.clause("8.4.b.3")
def test_without_a_condition_a_request_of_the_highest_priority_is_major_and_a_report_is_proposed_once(site):
	agreement = scene.agreement()
	ordinary = scene.request(agreement)
	assert not is_major(ordinary) and scene.report_on(ordinary) is None
	worst = scene.request(agreement, **scene.WORST)
	report = scene.report_on(worst)
	assert is_major(worst) and report.status == "Compiling" and report.customer == agreement.customer
	assert [row.what for row in report.decisions] == ["By the Agreement"] and report.compiler == agreement.owner_user
	worst = scenario.change(worst, scenario.MONDAY + scenario.hours(1), ops_people_affected=3)
	assert frappe.db.count(scene.DOCTYPE, {"issue": worst.name}) == 1


@pytest.mark.clause("8.4.b.3")
@pytest.mark.parametrize(
	("values", "after", "expected"),
	[({}, 0, 0), ({"ops_people_affected": 51}, 0, 1), ({"ops_people_affected": 50}, 0, 0), ({}, 5, 1), (scene.WORST, 0, 1)],
)
def test_the_agreements_condition_asks_priority_people_and_downtime(site, values, after, expected):
	agreement = scene.agreement(major_condition=scene.CONDITION, major_words=scene.WORDS)
	issue = scene.request(agreement, **values)
	if after:
		issue = scenario.change(issue, scenario.MONDAY + scenario.hours(after), ops_channel="Phone")
	assert is_major(issue) == expected and bool(scene.report_on(issue)) == bool(expected)


@pytest.mark.clause("8.4.b.3")
def test_a_condition_that_cannot_be_meant_or_is_not_said_in_words_is_refused(site):
	desk = desk_door.Desk("Service Delivery Manager")
	draft = scene.agreement(submit=False)
	answer = desk.save(frappe.get_doc("Service Agreement", draft.name), major_condition="doc.people and doc.people > 5", major_words="Many people")
	assert answer.status == 417 and "has no field people" in desk_door.said(answer), answer.text[:400]
	answer = desk.save(frappe.get_doc("Service Agreement", draft.name), major_condition="doc.ops_people_affected > 5")
	assert answer.status == 417 and "Say in words what" in desk_door.said(answer), answer.text[:400]
	answer = desk.save(frappe.get_doc("Service Agreement", draft.name), major_condition="doc.ops_people_affected > 5", major_words="Six people")
	assert answer.status == 200, answer.text[:400]


@pytest.mark.clause("8.4.b.3")
def test_a_condition_is_tried_on_requests_before_it_is_signed(site):
	agreement = scene.agreement()
	hit, missed = scene.request(agreement, ops_people_affected=9), scene.request(agreement)
	manager, expert = (factories.make_user(roles=[role]).name for role in ("Service Delivery Manager", "Delivery Auditor"))
	method, form = "ops_delivery.api.incidents.try_condition", {"condition": "doc.ops_people_affected > 5", "customer": agreement.customer}
	found = message(api_calls.post(manager, method, **form))
	assert (found["records"], found["holds"]) == (2, 1) and [row["name"] for row in found["named"]] == [hit.name] != [missed.name]
	found = message(api_calls.post(manager, method, **{**form, "condition": "doc.priority > 5"}))
	assert found["valid"] == 0 and found["first"] and "not supported" in found["why"]
	assert api_calls.post(expert, method, **form).status == 403


@pytest.mark.clause("8.4.b.3")
def test_a_manager_declares_and_withdraws_with_a_reason_that_is_kept(site):
	agreement = scene.agreement()
	issue = scene.request(agreement)
	manager, engineer = (factories.make_user(roles=[role]).name for role in ("Service Delivery Manager", "Field Engineer"))
	answer = api_calls.post(engineer, DECIDE, issue=issue.name, decision="Declared", reason="The minister was there")
	assert answer.status == 403 and "Only a Service Delivery Manager" in answer.text
	answer = api_calls.post(manager, DECIDE, issue=issue.name, decision="Declared", reason=" ")
	assert answer.status == 417 and "Reason" in answer.text
	answer = api_calls.post(manager, DECIDE, issue=issue.name, decision="Withdrawn", reason="No")
	assert answer.status == 417 and "no major incident" in answer.text
	assert message(api_calls.post(manager, DECIDE, issue=issue.name, decision="Declared", reason="The minister was there")) is True
	report = scene.report_on(issue)
	assert [(row.what, row.reason, row.done_by) for row in report.decisions] == [("Declared", "The minister was there", manager)]
	assert message(api_calls.post(manager, DECIDE, issue=issue.name, decision="Withdrawn", reason="He was not")) is False
	assert message(api_calls.post(manager, DECIDE, issue=issue.name, decision="Declared", reason="He was")) is True
	report.reload()
	assert [row.what for row in report.decisions] == ["Declared", "Withdrawn", "Declared"] and is_major(issue)
	answer = desk_door.Desk("Service Delivery Manager").call(
		"frappe.client.set_value", doctype="Issue", name=issue.name, fieldname="ops_major_decided", value="Withdrawn"
	)
	assert is_major(issue), answer.text[:200]  # put back: what was decided is written by the step alone


@pytest.mark.clause("8.4.b.3")
def test_what_was_promised_after_a_major_incident_goes_by_the_same_rule_and_is_linked_with_its_day(site):
	agreement = scene.agreement(scene.promise(), major_condition="doc.ops_people_affected > 50", major_words="More than 50 people")
	worst = scene.over(scene.request(agreement, **scene.WORST))
	many = scene.over(scene.request(agreement, ops_people_affected=60))
	owed = frappe.get_all("Deliverable", {"agreement": agreement.name}, ["name", "event_name", "due_date"])
	assert [row.event_name for row in owed] == [many.name] and scene.report_on(worst) is None
	report = scene.report_on(many)
	assert (report.deliverable, report.due_date) == (owed[0].name, owed[0].due_date)


@pytest.mark.clause("8.4.b.3")
def test_what_is_declared_after_it_was_over_is_owed_from_that_day_on(site):
	agreement = scene.agreement()
	issue = scene.over(scene.request(agreement))
	manager = reviewing.manager()
	with scenario.at(scenario.MONDAY + scenario.hours(48)), reviewing.user(manager):
		major.decide(issue.name, "Declared", "Data were lost")
	report = scene.report_on(issue)
	assert str(report.due_date) == "2026-03-09" and report.decisions[0].what == "Declared"


@pytest.mark.clause("8.4.b.3")
def test_an_open_request_becomes_major_by_the_time_it_lasts_without_being_saved(site):
	agreement = scene.agreement(major_condition="doc.down_minutes > 240", major_words="Down for more than four hours")
	issue = scene.request(agreement)
	with scenario.at(scenario.MONDAY + scenario.hours(3)):
		proposing.run()
	assert not is_major(issue)
	with scenario.at(scenario.MONDAY + scenario.hours(5)):
		proposing.run()
		proposing.run()
	assert is_major(issue) and frappe.db.count(scene.DOCTYPE, {"issue": issue.name}) == 1


def test_a_condition_that_fails_on_a_request_lets_it_be_saved_and_the_priority_decides(site):
	agreement = scene.agreement(major_condition="doc.ops_people_affected > 5", major_words="Six people")
	frappe.db.set_value("Service Agreement", agreement.name, "major_condition", "doc.subject > 5")
	versions.forget_kept()
	issue = scene.request(agreement, **scene.WORST)
	assert is_major(issue) and frappe.db.exists("Error Log", {"reference_name": agreement.name})
