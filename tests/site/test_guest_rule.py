"""A good guest: after installing, ERPNext's own SLA measures Issues until an agreement is in force or somebody chooses."""

import json

import factories
import frappe
import isolation
import pytest
import scenario
from frappe.desk.form import assign_to
from frappe.desk.form.load import getdoc
from frappe.utils import add_days, nowdate

from ops_delivery import framework
from ops_delivery.permissions import switches
from ops_delivery.services.clocks import rule_choice, takeover
from ops_delivery.services.clocks import sla_rest as resting

WATCHED = ("service_level_agreement", "response_by", "agreement_status", "priority", "status", "first_responded_on")


@pytest.fixture(autouse=True)
def forget(as_installed):
	yield
	switches.forget()


@pytest.fixture
def sla():
	"""ERPNext's SLA for every Issue, made after we were installed: nobody forbids it."""
	return scenario.erpnext_sla().insert()


def measured(name: str) -> dict:
	fields = (*WATCHED, framework.issue_field("resolution_by"), framework.issue_field("resolution_date"))
	return frappe.db.get_value("Issue", name, fields, as_dict=True)


def theirs(**values):
	"""An Issue as ERPNext measures it."""
	issue = factories.make_issue(**{"priority": "Medium", "opening_date": nowdate(), **values})
	assert measured(issue.name).response_by
	return issue


def agreed(customer: str, **values):
	return scenario.agreement(
		customer, **{"start_date": add_days(nowdate(), -30), "end_date": add_days(nowdate(), 300), **values}
	)


def choose(rule: str, groups: list[dict] | None = None) -> None:
	isolation.switch({"issue_rule": rule}, groups or [])
	frappe.db.commit()
	resting.follow_choice()


def test_saving_the_settings_leaves_erpnexts_slas_on(sla):
	issue = theirs()
	before = measured(issue.name)
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.link_days = 31
	settings.save()
	assert frappe.db.get_value("Service Level Agreement", sla.name, "enabled")
	frappe.get_doc("Issue", issue.name).save()
	assert measured(issue.name) == before


def test_ours_begins_with_a_customers_first_agreement_and_only_for_that_customer(sla):
	with_one, without = factories.make_customer().name, factories.make_customer().name
	older = theirs(customer=with_one)
	before = measured(older.name)
	agreement = agreed(with_one)
	new, other = factories.make_issue(with_one), theirs(customer=without)
	assert new.ops_agreement == agreement.name
	assert not new.service_level_agreement
	assert scenario.clock(new).state == "Running"
	assert measured(other.name).service_level_agreement == sla.name
	assert not scenario.clock(other)
	assert measured(older.name) == before, "a running Issue keeps its deadlines until something happens to it"
	frappe.get_doc("Issue", older.name).save()
	taken = measured(older.name)
	assert not taken.service_level_agreement
	assert taken.response_by != before.response_by
	kept = frappe.get_last_doc("Issue Takeover", {"issue": older.name})
	assert (kept.earlier_sla, kept.agreement, kept.state) == (sla.name, agreement.name, "Taken Over")


def test_erpnexts_sla_has_no_say_where_an_agreement_rules(sla):
	agreement = agreed(factories.make_customer().name)
	issue = factories.make_issue(agreement.customer)
	promised = measured(issue.name)
	issue.reload()
	issue.update(
		{"ops_validity": "Valid", "issue_type": "Fault", "ops_urgency": "Urgent", "ops_importance": "Important"}
	)
	issue.save()
	assert measured(issue.name).service_level_agreement is None
	assert issue.priority == issue.ops_suggested_priority
	assert promised.response_by and not promised.service_level_agreement


def test_erpnexts_sla_comments_on_no_deadline_of_ours(sla, make_user):
	agreement = agreed(factories.make_customer().name)
	ours = factories.make_issue(agreement.customer, priority="Medium", opening_date=add_days(nowdate(), -20))
	not_ours = theirs(opening_date=add_days(nowdate(), -20))
	promised = measured(ours.name).response_by
	agent = make_user(roles=["Support Team"]).name
	for issue in (ours, not_ours):
		assign_to.add({"assign_to": [agent], "doctype": "Issue", "name": issue.name})
		frappe.db.set_value("Issue", issue.name, "response_by", add_days(nowdate(), -10))
		doc = frappe.get_doc("Issue", issue.name)
		doc.update({"status": "On Hold", "ops_pause_reason": "A part is missing"})
		doc.save()
		failed = {"reference_name": issue.name, "comment_type": "Assigned", "content": ["like", "%SLA Failed%"]}
		assert frappe.db.count("Comment", failed) == (issue is not_ours)
	assert promised and not measured(ours.name).first_responded_on


def test_the_form_knows_whose_an_issue_is(sla):
	agreement = agreed(factories.make_customer().name)
	for issue, is_ours in ((factories.make_issue(agreement.customer), True), (theirs(), False)):
		frappe.response.docs = []
		getdoc("Issue", issue.name)
		assert frappe.response.docs[0].get("__onload").ops_is_ours is is_ours


@pytest.mark.parametrize("chosen", [rule_choice.OURS, rule_choice.BY_CUSTOMER])
def test_choosing_erpnext_again_gives_an_issue_back_as_it_was(sla, chosen):
	customer = factories.make_customer().name
	issue = theirs(customer=customer)
	before = measured(issue.name)
	agreed(customer)
	choose(chosen)
	frappe.get_doc("Issue", issue.name).save()
	assert measured(issue.name) != before
	choose(rule_choice.THEIRS)
	assert frappe.db.get_value("Service Level Agreement", sla.name, "enabled")
	assert measured(issue.name) == before
	frappe.get_doc("Issue", issue.name).save()
	assert measured(issue.name) == before
	assert frappe.get_last_doc("Issue Takeover", {"issue": issue.name}).state == "Given Back"
	choose(chosen)  # and over again
	frappe.get_doc("Issue", issue.name).save()
	assert not measured(issue.name).service_level_agreement
	choose(rule_choice.THEIRS)
	assert measured(issue.name) == before


def test_an_issue_without_an_agreement_gets_back_what_the_choice_for_all_took(sla):
	issue = theirs()
	before = measured(issue.name)
	choose(rule_choice.OURS)
	frappe.get_doc("Issue", issue.name).save()
	assert not measured(issue.name).response_by
	choose(rule_choice.BY_CUSTOMER)
	assert measured(issue.name) == before


def test_what_happened_meanwhile_stays_and_is_judged_by_erpnext(sla):
	customer = factories.make_customer().name
	issue = theirs(customer=customer)
	before = measured(issue.name)
	agreed(customer)
	document = frappe.get_doc("Issue", issue.name)
	document.first_responded_on = frappe.utils.now_datetime()
	document.status = "Replied"
	document.save()
	choose(rule_choice.THEIRS)
	after = measured(issue.name)
	assert (after.service_level_agreement, after.response_by) == (sla.name, before.response_by)
	assert after.status == "Replied" and after.first_responded_on
	assert after.agreement_status == "Resolution Due"


def test_an_issue_that_came_in_under_an_agreement_is_erpnexts_when_it_is_let_go(sla):
	agreement = agreed(factories.make_customer().name)
	issue = factories.make_issue(agreement.customer, priority="Medium")
	choose(rule_choice.THEIRS)
	after = measured(issue.name)
	assert after.service_level_agreement == sla.name and after.response_by
	assert scenario.clock(issue).state == "Paused"


def test_uninstalling_gives_back_too(sla):
	customer = factories.make_customer().name
	issue = theirs(customer=customer)
	before = measured(issue.name)
	agreed(customer)
	choose(rule_choice.OURS)
	frappe.get_doc("Issue", issue.name).save()
	rule_choice.give_back()
	assert frappe.db.get_value("Service Level Agreement", sla.name, "enabled")
	assert measured(issue.name) == before


def test_what_was_kept_is_evidence(sla):
	customer = factories.make_customer().name
	issue = theirs(customer=customer)
	agreed(customer)
	frappe.get_doc("Issue", issue.name).save()
	kept = frappe.get_last_doc("Issue Takeover", {"issue": issue.name})
	assert json.loads(kept.earlier)["service_level_agreement"] == sla.name
	with pytest.raises(frappe.PermissionError, match="evidence"):
		kept.save()
	with pytest.raises(frappe.ValidationError, match="needed to give"):
		kept.delete()
	assert len(takeover.fields()) == len(set(takeover.fields()))


def test_in_chosen_groups_alone(sla):
	group = factories.make(
		"Customer Group", customer_group_name=factories.unique("Group"), parent_customer_group="All Customer Groups"
	)
	inside = agreed(factories.make_customer(customer_group=group.name).name)
	outside = agreed(factories.make_customer().name)
	choose(rule_choice.IN_GROUPS, [{"customer_group": group.name, "rule": 1, "messages": 0, "portal": 0}])
	ours, not_ours = factories.make_issue(inside.customer), factories.make_issue(outside.customer, priority="Medium")
	assert scenario.clock(ours) and not ours.service_level_agreement
	assert not not_ours.ops_agreement and not_ours.service_level_agreement == sla.name


@pytest.mark.parametrize("field", ["issue_rule", "messages_for", "portal_for"])
def test_groups_without_a_group_are_refused(field):
	settings = frappe.get_doc("Ops Delivery Settings")
	chosen = "In Chosen Customer Groups" if field == "issue_rule" else "Chosen Customer Groups"
	settings.set(field, chosen)
	with pytest.raises(frappe.ValidationError, match=f"{settings.meta.get_label(field)}.*needs a group"):
		settings.save()


# The preview, and sites from before the switches


def test_the_preview_counts_what_a_choice_does(sla, make_user, as_user):
	from ops_delivery.api import configuration

	customer = factories.make_customer().name
	theirs(customer=customer)
	theirs()
	agreed(customer)
	settings = frappe.get_doc("Ops Delivery Settings")
	unchanged = configuration.switches_preview(settings.as_dict())
	assert not unchanged["changes"]
	settings.issue_rule = rule_choice.OURS
	with as_user(make_user(roles=["Service Delivery Manager"]).name):
		found = configuration.switches_preview(settings.as_dict())
	text = "\n".join(found["lines"])
	assert found["changes"]
	assert f"These ERPNext SLAs are switched off: {sla.name}" in text
	assert "lose their ERPNext SLA" in text
	assert "it is kept, with deadlines and status" in text
	choose(rule_choice.OURS)
	for name in frappe.get_all("Issue", {"status": "Open", "service_level_agreement": sla.name}, pluck="name"):
		frappe.get_doc("Issue", name).save()
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.issue_rule = rule_choice.THEIRS
	text = "\n".join(configuration.switches_preview(settings.as_dict())["lines"])
	assert "2 Issues that were taken over get back what they had." in text
	assert f"switched on again: {sla.name}" in text


def test_the_number_of_queries_of_the_preview_does_not_grow(sla):
	from ops_delivery.services.host import switch_preview

	settings = frappe.get_doc("Ops Delivery Settings")
	settings.issue_rule = rule_choice.OURS

	def queries():
		before = frappe.db.sql
		count = []
		frappe.db.sql = lambda *args, **kwargs: (count.append(1), before(*args, **kwargs))[1]
		try:
			switch_preview.preview(settings)
		finally:
			frappe.db.sql = before
		return len(count)

	queries()
	few = queries()
	for _number in range(5):
		theirs()
	assert queries() == few


@pytest.mark.parametrize("working", [True, False])
def test_a_site_from_before_the_switches_keeps_what_it_works_with(sla, working):
	from ops_delivery.patches import keep_our_words, keep_what_is_switched_on

	for row in frappe.get_all("Service Agreement", {"docstatus": 1}, pluck="name"):
		frappe.db.set_value("Service Agreement", row, "docstatus", 2)
	if working:
		agreed(factories.make_customer().name)
	frappe.db.set_single_value("Ops Delivery Settings", "issue_rule", rule_choice.OURS)
	for field in ("messages_for", "portal_for"):
		frappe.db.set_single_value("Ops Delivery Settings", field, "")
	frappe.db.set_value("Service Level Agreement", sla.name, "enabled", 0)
	frappe.db.set_single_value("Ops Delivery Settings", "paused_slas", json.dumps([sla.name]))
	frappe.db.set_single_value("Ops Delivery Settings", "own_words", 0)
	keep_what_is_switched_on.execute()
	keep_our_words.execute()
	found = frappe.get_doc("Ops Delivery Settings")
	expected = isolation.ALL_ON if working else isolation.AS_INSTALLED
	assert {field: found.get(field) for field in expected} == expected
	assert bool(frappe.db.get_value("Service Level Agreement", sla.name, "enabled")) is not working
