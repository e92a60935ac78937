"""What happens to an Issue while it is being saved does not upset its clocks: they are written once, by that save."""

import factories
import frappe
import pytest
import scenario
from scenario import MONDAY, hours

from ops_delivery.services.clocks import planning as clocks


@pytest.fixture
def agreement(site):
	return scenario.agreement()


def _sound(issue):
	assert clocks.rebuild("Issue", issue.name, repair=False) == []
	assert scenario.ledger(scenario.clock(issue)) == ["Start"]
	assert scenario.clock(issue, "First Response").state == "Running"


def test_a_request_on_the_portal_brings_its_first_message(agreement):
	user = factories.make_portal_user(agreement.customer)
	issue = scenario.issue(agreement, raised_by=user.name, via_customer_portal=1)
	assert frappe.db.count("Communication", {"reference_name": issue.name})
	_sound(issue)


def test_an_assignment_rule_that_applies_at_once(agreement):
	factories.make_email_account()
	engineer = factories.make_user(roles=["Field Engineer"])
	factories.make(
		"Assignment Rule",
		name=factories.unique("Rule"),
		document_type="Issue",
		priority=0,
		description="-",
		assign_condition=f"customer == '{agreement.customer}'",
		rule="Round Robin",
		users=[{"user": engineer.name}],
		assignment_days=[{"day": day} for day in (*scenario.WEEK, "Saturday", "Sunday")],
	)
	issue = scenario.issue(agreement)
	assert frappe.db.exists("ToDo", {"reference_name": issue.name, "allocated_to": engineer.name})
	_sound(issue)


def test_a_reply_outside_of_a_save_still_counts(agreement):
	issue = scenario.issue(agreement)
	with scenario.at(MONDAY + hours(1)):
		frappe.db.set_value(
			"Issue", issue.name, "first_responded_on", (MONDAY + hours(1)).replace(tzinfo=None)
		)
		assert clocks.refresh("Issue", issue.name)
	assert scenario.clock(issue, "First Response").state == "Met"
