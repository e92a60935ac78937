"""Service clocks on real Issues: what saves, replies, assignments and changed rules make of them."""

from datetime import timedelta

import factories
import frappe
import pytest
import scenario
from frappe.utils import get_datetime
from scenario import MONDAY, hours

from ops_delivery.services import clocks
from ops_delivery.setup.demo_desk import sign_off


@pytest.fixture
def agreement(site):
	return scenario.agreement()


def _local(moment):
	return moment.astimezone(scenario.ZONE).replace(tzinfo=None)


@pytest.mark.clause("5.3.d", "6.3.b")
def test_a_reported_issue_is_measured_by_its_customers_agreement(agreement):
	issue = scenario.issue(agreement)
	assert issue.ops_agreement == agreement.name
	response, resolution = (scenario.clock(issue, c) for c in ("First Response", "Resolution"))
	assert (response.state, resolution.state) == ("Running", "Running")
	assert response.target == 4 * 3600  # Medium before triage
	assert get_datetime(response.due_on) == _local(MONDAY + hours(5))  # lunch is not counted
	assert get_datetime(resolution.due_on) == _local(MONDAY + timedelta(days=2, hours=9))
	assert scenario.clock(issue, "On-site Arrival") is None
	assert scenario.ledger(resolution) == ["Start"]


@pytest.mark.clause("6.3.d")
def test_the_matrix_gives_the_priority_and_the_clock_follows_from_the_remaining_budget(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY + hours(2))
	assert (issue.priority, issue.ops_suggested_priority) == ("High", "High")
	resolution = scenario.clock(issue)
	assert resolution.target == 8 * 3600
	assert resolution.elapsed == 2 * 3600
	assert get_datetime(resolution.due_on) == _local(MONDAY + hours(9))
	assert scenario.ledger(resolution) == ["Start", "Target Change"]


def test_time_on_hold_is_not_counted_and_needs_no_wall_clock_arithmetic(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	scenario.change(issue, MONDAY + hours(1), status="On Hold", ops_pause_reason="waiting for access")
	paused = scenario.clock(issue)
	assert (paused.state, paused.due_on, paused.elapsed) == ("Paused", None, 3600)
	friday = MONDAY + timedelta(days=4)
	scenario.change(issue, friday, status="Open")
	resumed = scenario.clock(issue)
	assert get_datetime(resumed.due_on) == _local(friday + hours(8))  # 7 h left, plus lunch
	assert scenario.ledger(resumed)[-2:] == ["Pause", "Resume"]


def test_native_fields_show_our_figures(agreement):
	issue = scenario.issue(agreement)
	assert get_datetime(issue.response_by) == _local(MONDAY + hours(5))
	assert issue.agreement_status == "First Response Due"
	assert not issue.service_level_agreement
	issue = scenario.judge_valid(issue, MONDAY + hours(1), status="Replied")
	assert get_datetime(issue.first_responded_on) == _local(MONDAY + hours(1))
	assert issue.first_response_time == 3600
	assert issue.agreement_status == "Resolution Due"


def test_reopening_goes_on_from_the_remaining_budget(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	scenario.change(issue, MONDAY + hours(2), status="Resolved", resolution_details="done")
	met = scenario.clock(issue)
	assert (met.state, met.elapsed, met.breached) == ("Met", 2 * 3600, 0)
	later = MONDAY + timedelta(days=7)
	scenario.change(issue, later, status="Open")
	again = scenario.clock(issue)
	assert (again.state, again.elapsed) == ("Running", 2 * 3600)
	assert get_datetime(again.due_on) == _local(later + hours(7))
	assert frappe.db.get_value("Issue", issue.name, "ops_reopen_count") == 1


def test_an_arrival_told_later_counts_from_when_it_was(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	scenario.change(issue, MONDAY + hours(0.5), ops_onsite=1)
	arrival = MONDAY + hours(1.5)
	scenario.change(issue, MONDAY + hours(6), ops_arrived_on=_local(arrival))
	clock = scenario.clock(issue, "On-site Arrival")
	assert (clock.state, clock.elapsed) == ("Met", 3600)
	assert get_datetime(clock.stopped_on) == _local(arrival)


def test_an_invalid_report_stops_the_clocks_and_can_be_closed(agreement):
	issue = scenario.change(
		scenario.issue(agreement), MONDAY + hours(1), ops_validity="Invalid", ops_invalid_reason="not ours"
	)
	assert scenario.clock(issue).state == "Cancelled"
	assert scenario.change(issue, MONDAY + hours(2), status="Closed").status == "Closed"


def test_a_later_found_agreement_counts_from_when_the_report_came_in(agreement):
	with scenario.at(MONDAY):
		issue = factories.make_issue(None, opening_date=MONDAY.date())
	frappe.db.set_value("Issue", issue.name, "creation", _local(MONDAY), update_modified=False)
	scenario.change(issue, MONDAY + hours(2), customer=agreement.customer)
	clock = scenario.clock(issue)
	assert get_datetime(clock.started_on) == _local(MONDAY)


def test_a_changed_calendar_replans_from_the_remaining_budget(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	document = frappe.get_doc("Service Calendar", agreement.calendar)
	document.append(
		"exceptions",
		{"date": MONDAY.date(), "kind": "Special Hours", "start_time": "09:00", "end_time": "12:00"},
	)
	document.save()
	with scenario.at(MONDAY + hours(3)):
		assert clocks.replan_calendar(document.name) >= 1
	clock = scenario.clock(issue)
	assert scenario.ledger(clock)[-1] == "Calendar Change"
	assert get_datetime(clock.due_on) == _local(MONDAY + timedelta(days=1, hours=6))


def test_the_ledger_rebuilds_the_clock_and_repairs_it(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY + hours(1))
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason="parts")
	scenario.change(issue, MONDAY + hours(4), status="Open")
	assert clocks.rebuild("Issue", issue.name) == []
	clock = scenario.clock(issue)
	frappe.db.set_value("Service Clock", clock.name, {"elapsed": 1, "state": "Paused"})
	with scenario.at(MONDAY + hours(5)):
		found = {difference["field"] for difference in clocks.rebuild("Issue", issue.name)}
	assert found == {"elapsed", "state"}
	assert scenario.clock(issue).elapsed == clock.elapsed
	assert clocks.rebuild("Issue", issue.name) == []


def test_a_record_keeps_the_version_it_was_accepted_under(agreement):
	from ops_delivery.services import agreements

	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	newer = frappe.get_doc("Service Agreement", agreements.new_version(agreement.name))
	for row in newer.targets:
		row.target = row.target / 2
	newer.amendment_reason = "Quicker"
	newer.save()
	sign_off.sign_off(newer)
	assert newer.version == 2
	assert frappe.db.get_value("Service Agreement", agreement.name, "status") == "Superseded"
	assert scenario.change(issue, MONDAY + hours(1), status="Replied").ops_agreement == agreement.name
	assert scenario.clock(issue).target == 8 * 3600
	assert scenario.issue(agreement).ops_agreement == newer.name


@pytest.mark.clause("5.3.b")
def test_evidence_cannot_be_edited_or_deleted(agreement):
	clock = scenario.clock(scenario.issue(agreement))
	line = frappe.get_all("Service Clock Event", {"clock": clock.name}, pluck="name")[0]
	for doctype, name in (("Service Clock", clock.name), ("Service Clock Event", line)):
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(doctype, name).save(ignore_permissions=True)
		with pytest.raises(frappe.PermissionError):
			frappe.delete_doc(doctype, name, force=True)


@pytest.mark.parametrize("change", [{"status": "On Hold", "ops_pause_reason": "Waiting"}, {"ops_validity": "Invalid", "ops_invalid_reason": "x"}])
def test_a_server_clock_that_is_put_back_a_little_loses_no_save(agreement, change):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY + hours(1))
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason="First")
	scenario.change(issue, MONDAY + hours(3), status="Open")
	scenario.change(issue, MONDAY + hours(3) - timedelta(seconds=2), **change)
	clock = scenario.clock(issue)
	assert clock.state == ("Paused" if change.get("status") else "Cancelled") and clock.elapsed == 2 * 3600
	moments = frappe.get_all("Service Clock Event", {"clock": clock.name}, pluck="at", order_by="seq asc")
	assert moments == sorted(moments)


def test_one_that_is_put_back_far_is_told_in_words(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY + hours(1))
	scenario.change(issue, MONDAY + hours(2), status="On Hold", ops_pause_reason="First")
	with pytest.raises(frappe.ValidationError, match=r"server's clock says .* set the server's clock"):
		scenario.change(issue, MONDAY + hours(1), status="Open")
	assert frappe.get_doc("Issue", issue.name).subject  # a save that moves no clock is not in its way
	scenario.change(issue, MONDAY + hours(1), subject="Another word")
