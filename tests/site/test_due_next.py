"""Lists and titles say what is due next, whatever clock it is of (6.3.b)."""

import frappe
import pytest
import scenario

from ops_delivery.patches import note_what_is_due_next


def _first_due(issue):
	return min(
		frappe.get_all(
			"Service Clock", {"reference_name": issue.name, "state": "Running"}, pluck="due_on", order_by="name"
		)
	)


@pytest.mark.clause("6.3.b")
def test_the_next_commitment_of_any_clock_is_noted(site):
	with scenario.at(scenario.MONDAY):
		issue = scenario.issue(scenario.agreement())
	assert issue.ops_next_due == scenario.clock(issue, "First Response").due_on == _first_due(issue)
	with scenario.at(scenario.MONDAY + scenario.hours(1)):
		issue.reload()
		issue.update({"status": "Replied", "ops_onsite": 1})
		issue.save()
	assert issue.ops_next_due == scenario.clock(issue, "On-site Arrival").due_on == _first_due(issue)
	with scenario.at(scenario.MONDAY + scenario.hours(2)):
		issue.reload()
		issue.update({"status": "On Hold", "ops_pause_reason": "Waits for a part"})
		issue.save()
	assert not issue.ops_next_due and not frappe.db.get_value("Issue", issue.name, "ops_next_due")


def test_an_update_notes_it_of_issues_there_are(site):
	with scenario.at(scenario.MONDAY):
		issue = scenario.issue(scenario.agreement())
	frappe.db.set_value("Issue", issue.name, "ops_next_due", None)
	note_what_is_due_next.execute()
	assert frappe.db.get_value("Issue", issue.name, "ops_next_due") == _first_due(issue)
