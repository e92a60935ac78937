"""The administrator's guide, walked by a person who has the Role Profile that it names, and nothing else (issue 17, 14)."""

import frappe
import pytest
import scenario
import thirty

from ops_delivery.setup import seed_administrator


@pytest.fixture
def w():
	return thirty.World("zh")


def test_first_steps(w):
	"""A calendar filled from a public calendar, an agreement, service objects, a customer's group and who sees what."""
	calendar = frappe.get_doc("Service Calendar", w.agreement.calendar)
	assert w.call("ops_delivery.api.configuration.public_calendar_countries")
	filled = w.call(
		"ops_delivery.api.configuration.fill_from_public_calendar", doc=frappe.as_json(calendar), country="CN", year=2025
	)
	assert filled
	w.new("Service Object", object_name=w.name("Switch"), customer=w.agreement.customer, importance="Important")
	group = w.new("Customer Group", customer_group_name=w.name("Banks"), parent_customer_group="All Customer Groups").name
	customer = frappe.get_doc("Customer", w.agreement.customer)
	w.save(customer, customer_group=group)
	given = ("customer", "company", "start_date", "end_date", "calendar", "priority_matrix", "default_priority", "escalation_policy")
	target = {"doctype": "Service Agreement Target", "commitment": "Resolution", "priority": "Medium", "target": 8 * 3600}
	values = {field: w.agreement.get(field) for field in given}
	values["channels"] = [{"doctype": "Service Agreement Channel", "channel": "Phone", "address": "400", "hours": "5×8"}]
	values["contacts"] = [{"doctype": "Service Agreement Contact", "contact_role": "Escalation Manager", "level": 1, "user": w.desk.user}]
	made = w.new("Service Agreement", title=w.name("Agreement"), targets=[target], covers_all_objects=1, **values)
	assert made.status == "Draft"
	answer = w.desk.call("frappe.model.workflow.apply_workflow", doc=frappe.as_json(made), action="Put in Force")
	assert answer.status != 200, "an agreement is reviewed and signed, by whom its workflow names"


def test_conditions_are_tried_on_records(w):
	issue = scenario.issue(w.agreement)
	definition = frappe.get_doc("Clock Definition", {"commitment": "Resolution", "document_type": "Issue"})
	tried = w.call("ops_delivery.api.definitions.try_on", definition=frappe.as_json(definition), name=issue.name)
	assert tried
	found = w.call("ops_delivery.api.definitions.on_the_last", doctype="Clock Definition", doc=frappe.as_json(definition))
	assert found["records"] >= 1
	assert w.call("ops_delivery.api.configuration.record_type_fields", doctype="Issue")
	answer = w.desk.call("ops_delivery.api.clocks.rebuild", doctype="Issue", name=issue.name)
	assert answer.status == 403, "repairing is for who may write the request"


def test_settings_health_and_ready_made_configurations(w):
	assert w.call("ops_delivery.api.health.status")["messages"] is not None
	assert w.call("ops_delivery.api.health.light")["color"]
	assert w.call("ops_delivery.api.configuration.ready_made_list") is not None
	assert w.call("ops_delivery.api.configuration.switches_preview", doc=frappe.as_json(frappe.get_doc("Ops Delivery Settings")))
	assert w.call("ops_delivery.api.configuration.add_offered_parts") == []
	timeline = frappe.as_json(frappe.get_doc("Escalation Policy", w.agreement.escalation_policy))
	assert w.call("ops_delivery.api.configuration.policy_timeline", doc=timeline)


@pytest.mark.parametrize(
	"doctype",
	"""Service Calendar|Service Urgency|Service Importance|Service Commitment|Priority Matrix|Escalation Policy|Clock Definition
	|Measured Record Type|Review Rule|Survey Template|Survey Rule|Checklist Template|Service Object|Service Agreement
	|Service Agreement Template|Delivery Plan Template|Ops Delivery Settings|Issue Type|Issue Priority|Activity Type|Customer
	|Customer Group|Contact|User|Role|Role Profile|Custom Field|Customize Form|Property Setter|Workflow|Workflow State
	|Workflow Action Master|Notification|Print Format|Report|Auto Email Report|Auto Repeat|Assignment Rule|Server Script
	|Client Script|Web Form|Portal Settings|Translation|Workspace|Data Import|Document Naming Rule|Email Account|System Settings
	|Number Card|Dashboard Chart|Letter Head""".replace("\n", "").replace("\t", "").split("|"),
)
def test_each_form_that_the_guide_opens_can_be_saved_by_them(doctype):
	roles = {"All", "Desk User", *thirty.ROLES}
	rights = [row for row in frappe.get_meta(doctype).permissions if row.role in roles and not row.permlevel]
	assert any(row.write for row in rights), doctype
	assert frappe.get_meta(doctype).issingle or any(row.create for row in rights), doctype


def test_what_the_guide_lists_they_can_read(w):
	for doctype in ("Issue", "Rule Version", "Escalation Log", "Service Notice", "Service Clock Trigger", "Service Review",
		"Mail That Needs a Person", "Issue Takeover", "Email Queue", "Access Log", "Holiday List", "Company"):  # fmt: skip
		assert frappe.has_permission(doctype, "read", user=w.desk.user), doctype


def test_who_keeps_the_profile_over_an_uninstallation_has_all_of_it_when_the_app_comes_again(w):
	"""The profile stays where somebody has it, and the role in it that is ours goes."""
	frappe.db.delete("Has Role", {"role": thirty.AUDITOR})
	frappe.clear_cache()
	assert thirty.AUDITOR not in frappe.get_roles(w.desk.user)
	seed_administrator.complete()
	assert thirty.AUDITOR in frappe.get_roles(w.desk.user)
	before = frappe.get_doc("Role Profile", thirty.PROFILE).modified
	seed_administrator.complete()
	assert frappe.get_doc("Role Profile", thirty.PROFILE).modified == before
