"""What forms offer and show: nothing that is refused, whom a notice reached, rules as people read them (8.4.b.2)."""

import json

import api_calls
import customers
import factories
import frappe
import planning
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.services.escalation import sweep
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.reviews.content import snapshot
from ops_delivery.services.rules import rule_versions as versions


def message(answer):
	assert answer.status == 200, answer.text
	return json.loads(answer.text)


@pytest.mark.clause("6.3.e")
def test_acknowledging_is_offered_to_whom_it_is_allowed(site):
	agreement = scenario.agreement(manager=factories.make_user(roles=["Service Delivery Manager"]).name)
	factories.make_email_account()
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	with scenario.at(MONDAY + hours(10)):
		sweep.run()
	log = frappe.get_last_doc("Escalation Log", {"reference_name": issue.name})
	for roles, may in ((["Delivery Auditor"], False), (["Service Desk"], True)):
		who = factories.make_user(roles=roles).name
		panel = message(api_calls.get(who, "ops_delivery.api.clocks.panel", doctype="Issue", name=issue.name))["message"]
		assert {row["may_acknowledge"] for row in panel["escalations"]} == {may}
		form = message(api_calls.get(who, "frappe.desk.form.load.getdoc", doctype="Escalation Log", name=log.name))
		assert form["docs"][0]["__onload"]["ops_may_acknowledge"] is may
		answer = api_calls.post(who, "ops_delivery.api.escalation.acknowledge", names=json.dumps([log.name]))
		assert answer.status == (200 if may else 403)


@pytest.mark.clause("6.3.f")
def test_a_notice_says_whom_it_was_sent_to(site):
	factories.make_email_account()
	w = customers.world()
	notice = notices.post("Issue", w.issue.name, "ops_accepted")
	customers.tell_all()
	told = frappe.db.get_value(
		"Service Notice", notice or {"reference_name": w.issue.name, "key_point": "ops_accepted"}, "told"
	)
	assert w.asker in told.splitlines()


def test_a_version_reads_as_its_rule_does(site):
	agreement = scenario.agreement(title="Outpatient <systems>")
	reader = factories.make_user(roles=["Service Delivery Manager"]).name
	kept = {
		snapshot(frappe.get_doc("Service Agreement", agreement.name)): ("Outpatient &lt;systems&gt;", "First Response"),
		versions.current("Service Calendar", agreement.calendar): ("Monday", "09:00–12:00", "Asia/Shanghai"),
		versions.current("Escalation Policy", agreement.escalation_policy): ("Warning", "Manager Route"),
	}
	for name, words in kept.items():
		form = message(api_calls.get(reader, "frappe.desk.form.load.getdoc", doctype="Rule Version", name=name))
		html = form["docs"][0]["__onload"]["ops_content"]
		for word in words:
			assert word in html, (name, word)
		for raw in ("{", "}", "_", "&quot;"):
			assert raw not in html, (name, raw, html[:2000])


def test_a_version_of_what_was_seeded_in_english_reads_in_the_readers_language(site):
	policy = frappe.get_doc("Escalation Policy", "Overdue Reviews")
	template = frappe.get_doc("Survey Template", "Yearly satisfaction (anonymous)")
	plan = planning.plan()
	planning.activities(plan, "First", "Second")
	plan.reload()
	kept = {
		"policy": versions.current("Escalation Policy", policy.name),
		"template": versions.current("Survey Template", template.name),
		"plan": snapshot(plan),
	}
	frappe.local.lang = "zh"
	try:
		said = {}
		for key, name in kept.items():
			doc = frappe.get_doc("Rule Version", name)
			doc.run_method("onload")
			said[key] = doc.get("__onload").ops_content
	finally:
		frappe.local.lang = "en"
	for step in policy.steps:
		assert f">{step.step_name}<" not in said["policy"]
		assert frappe._(step.step_name, "zh", context="Escalation Step") in said["policy"]
	assert template.name not in said["template"] and frappe._(template.name, "zh") in said["template"]
	for question in template.questions:
		assert question.name not in said["template"], "the number of a row says nothing to anybody"
	assert "After" not in said["plan"] and "[" not in said["plan"]
