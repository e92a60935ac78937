"""Either Service Agreements or ERPNext's own SLA measure the site's Issues, never both."""

from datetime import timedelta
from unittest.mock import patch

import factories
import frappe
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.services.clocks import clock_jobs
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.clocks import refreshing as following
from ops_delivery.services.clocks import sla_rest as resting
from ops_delivery.services.clocks.rule_choice import OURS, THEIRS
from ops_delivery.services.escalation import sweep
from ops_delivery.services.scope import active_rules as every_save


@pytest.fixture(autouse=True)
def forget_definitions(site):
	yield
	every_save.forget()


@pytest.fixture
def sla(site):
	"""ERPNext's SLA for Issue, enabled as far as it may be; not inserted yet."""
	return scenario.erpnext_sla()


def _choose(rule, jobs):
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.issue_rule = rule
	settings.save()
	frappe.db.commit()
	return [job for job in jobs if job["method"] == "ops_delivery.services.clocks.sla_rest.follow_choice"]


def test_an_sla_for_issue_is_refused_while_agreements_rule(sla):
	with pytest.raises(
		frappe.ValidationError, match=r"Issues are measured by Service Agreements.*ERPNext SLA"
	):
		sla.insert()
	sla.document_type = "Task"
	with patch(
		"erpnext.support.doctype.service_level_agreement.service_level_agreement."
		"ServiceLevelAgreement.create_custom_fields"
	):
		try:
			sla.insert()
		except frappe.ValidationError as error:  # ERPNext may have its own reasons
			assert "Service Agreements" not in str(error)


def test_choosing_erpnext_switches_its_slas_on_and_choosing_ours_off(sla, jobs):
	_choose(THEIRS, jobs)
	sla.insert()
	assert sla.enabled
	_choose(OURS, jobs)
	assert not frappe.db.get_value("Service Level Agreement", sla.name, "enabled")
	_choose(THEIRS, jobs)
	assert frappe.db.get_value("Service Level Agreement", sla.name, "enabled")


def test_where_erpnext_rules_an_issue_has_its_sla_and_no_clock_of_ours(sla, jobs):
	agreement = scenario.agreement()
	_choose(THEIRS, jobs)
	sla.insert()
	with scenario.at(MONDAY):
		issue = factories.make_issue(agreement.customer)
	assert issue.service_level_agreement == sla.name
	assert issue.response_by
	assert not issue.ops_agreement
	assert not frappe.db.exists("Service Clock", {"reference_name": issue.name})
	issue.status = "Closed"  # and is closed by ERPNext's rules
	issue.save()
	_choose(OURS, jobs)
	another = scenario.issue(agreement)
	assert another.ops_agreement == agreement.name
	assert not another.service_level_agreement
	assert scenario.clock(another).state == "Running"


def test_clocks_that_run_rest_meanwhile_and_go_on_from_the_remaining_budget(jobs):
	manager = factories.make_user(roles=["Service Delivery Manager"]).name
	agreement = scenario.agreement(manager=manager)
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	held = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	scenario.change(held, MONDAY + hours(0.5), status="On Hold", ops_pause_reason="parts")
	with scenario.at(MONDAY + hours(1)):
		assert _choose(THEIRS, jobs)
		jobs.run()
	clock = scenario.clock(issue)
	assert (clock.state, clock.elapsed, clock.due_on) == ("Paused", 3600, None)
	line = frappe.get_last_doc("Service Clock Event", {"clock": clock.name, "kind": "Pause"})
	assert "ERPNext's SLA" in line.reason
	document = scenario.change(issue, MONDAY + hours(2), subject="changed meanwhile")
	assert document.ops_agreement == agreement.name
	with scenario.at(MONDAY + timedelta(days=3)):
		assert sweep.run()["fired"] == 0
	assert scenario.clock(issue).event_count == clock.event_count
	thursday = MONDAY + timedelta(days=3)
	with scenario.at(thursday):
		assert _choose(OURS, jobs)
		jobs.run()
	clock = scenario.clock(issue)
	assert (clock.state, clock.elapsed, clock.target) == ("Running", 3600, 8 * 3600)
	assert clock.due_on == (thursday + hours(8)).replace(tzinfo=None)
	assert scenario.clock(held).state == "Paused"  # on hold it is still
	assert clocks.rebuild("Issue", issue.name, repair=False) == []


def test_a_choice_made_while_the_queue_was_down_is_followed_within_the_hour(jobs):
	issue = scenario.judge_valid(scenario.issue(scenario.agreement()), MONDAY)
	with patch.object(frappe, "enqueue", side_effect=ConnectionError("redis down")):
		_choose(THEIRS, jobs)
	with scenario.at(MONDAY + hours(1)):
		clock_jobs.catch_up()
	assert scenario.clock(issue).state == "Paused"
	assert resting.follow_choice() == 0
