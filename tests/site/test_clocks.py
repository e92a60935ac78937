"""Service clocks on real Issues: what saves, replies, assignments and changed rules make of them."""

from datetime import timedelta

import api_calls
import factories
import frappe
import pytest
import scenario
from frappe.utils import get_datetime
from scenario import MONDAY, hours

from ops_delivery.framework import issue_field
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.clocks import amendment as agreement_preview
from ops_delivery.services.clocks import explanation, retired
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.requests import acceptance
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
	from ops_delivery.services.agreements import versions as agreements

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


def _without(agreement, commitment="Resolution", priority="Low"):
	return scenario.agreement(
		targets=[
			{"commitment": row.commitment, "priority": row.priority, "target": row.target}
			for row in agreement.targets
			if (row.commitment, row.priority) != (commitment, priority)
		]
	)


@pytest.mark.clause("5.3.d")
def test_what_is_promised_again_keeps_its_deadline(agreement):
	"""High, then Low without a target, then High: the customer waited all the while."""
	ruled = _without(agreement)
	issue = scenario.judge_valid(scenario.issue(ruled), MONDAY)
	due = get_datetime(scenario.clock(issue).due_on)
	scenario.change(issue, MONDAY + hours(1), priority="Low", ops_priority_reason="By phone")
	assert scenario.clock(issue).state == "Cancelled"
	scenario.change(issue, MONDAY + hours(4), priority="High")
	clock = scenario.clock(issue)
	assert (clock.state, get_datetime(clock.due_on)) == ("Running", due)
	assert scenario.ledger(clock)[-2:] == ["Cancelled", "Reinstated"]
	with scenario.at(MONDAY + hours(5)):
		assert clocks.rebuild("Issue", issue.name) == []
		(told,) = [one for one in explanation.explain_record("Issue", issue.name) if one["commitment"] == "Resolution"]
	assert (told["elapsed"], told["problem"]) == (4 * 3600, "")
	# the first time it is promised anything, too
	late = scenario.issue(ruled, priority="Low")
	assert not scenario.clock(late)
	frappe.db.set_value("Issue", late.name, "creation", _local(MONDAY), update_modified=False)
	scenario.judge_valid(late, MONDAY + hours(2))
	assert get_datetime(scenario.clock(late).due_on) == due


@pytest.mark.clause("5.3.d")
def test_a_report_that_was_valid_after_all_keeps_its_deadline_and_its_holds(agreement):
	issue = scenario.issue(agreement)
	due = get_datetime(scenario.clock(issue).due_on)
	scenario.change(issue, MONDAY + hours(1), ops_validity="Invalid", ops_invalid_reason="not ours")
	scenario.judge_valid(issue, MONDAY + hours(2), priority="Medium", ops_priority_reason="As it was")
	assert get_datetime(scenario.clock(issue).due_on) == due
	scenario.change(issue, MONDAY + hours(3), status="On Hold", ops_pause_reason="parts")
	scenario.change(issue, MONDAY + hours(4), ops_validity="Invalid", ops_invalid_reason="not ours")
	scenario.judge_valid(issue, MONDAY + hours(24), status="Open")
	assert scenario.clock(issue).elapsed == 3 * 3600, "it stood still when it was cancelled"


@pytest.mark.clause("5.5.g")
def test_a_preview_tells_of_clocks_that_an_amendment_starts(agreement):
	ruled = _without(agreement)
	fresh = scenario.issue(ruled, priority="Low")
	again = scenario.judge_valid(scenario.issue(ruled), MONDAY)
	scenario.change(again, MONDAY + hours(1), priority="Low", ops_priority_reason="By phone")
	newer = frappe.get_doc("Service Agreement", agreements.new_version(ruled.name))
	newer.append("targets", {"commitment": "Resolution", "priority": "Low", "target": 40 * 3600})
	newer.update({"amendment_reason": "More", "move_open_records": 1})
	newer.save()
	with scenario.at(MONDAY + hours(2)):
		told = agreement_preview.touched(newer)
		promised = {line["record"]: line["new_due"] for line in told["clocks"]}
		assert told["changed"] == 2 and set(promised) == {fresh.name, again.name}
		sign_off.sign_off(newer)
		agreement_preview.move_later(newer.name)
	for name, due in promised.items():
		clock = scenario.clock(frappe._dict(name=name))
		assert (clock.state, clock.due_on) == ("Running", due), name


@pytest.mark.clause("6.3.b")
def test_clocks_end_with_the_definition_that_is_switched_off(agreement, jobs):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	definition = frappe.get_doc("Clock Definition", scenario.clock(issue).clock_definition)
	try:
		with scenario.at(MONDAY + hours(1)):
			definition.update({"enabled": 0, **scenario.SAID})
			definition.save()
			retired.follow("Issue", on=False)
		clock = scenario.clock(issue)
		assert (clock.state, clock.elapsed) == ("Cancelled", 3600)
		assert not frappe.db.exists("Service Clock Trigger", {"clock": clock.name})
		assert frappe.db.get_value("Issue", issue.name, issue_field("resolution_by")) is None
	finally:
		with scenario.at(MONDAY + hours(5)):
			definition.enabled = 1
			definition.save()
			retired.follow("Issue", on=True)
	clock = scenario.clock(issue)
	assert (clock.state, clock.elapsed) == ("Running", 3600), "nobody measured meanwhile"


@pytest.mark.clause("6.3.b", "6.3.g")
def test_nobody_is_on_the_way_to_what_was_solved_remotely(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	scenario.change(issue, MONDAY + hours(1), ops_onsite=1, ops_restored_on=_local(MONDAY + hours(1)))
	assert scenario.clock(issue, "Restore").state == "Met"
	scenario.change(issue, MONDAY + hours(2), status="Resolved", resolution_details="done")
	arrival = scenario.clock(issue, "On-site Arrival")
	assert (arrival.state, arrival.elapsed) == ("Paused", 3600)
	with scenario.at(MONDAY + hours(3)):
		acceptance.decide(
			acceptance.open_acceptance(issue.name), "Rejected", "Chen", "chen@example.com", "Portal", "Still down"
		)
	assert scenario.clock(issue, "On-site Arrival").state == "Running"
	assert scenario.clock(issue, "Restore").state == "Running", "it does not work, so it is not restored"
	scenario.change(issue, MONDAY + hours(5), status="Resolved", resolution_details="done")
	with scenario.at(MONDAY + hours(6)):
		acceptance.decide(
			acceptance.open_acceptance(issue.name), "Accepted", "Chen", "chen@example.com", "Portal"
		)
	assert scenario.clock(issue, "On-site Arrival").state == "Cancelled"


def _typed(issue, field: str, value: str):
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	return api_calls.post(
		desk, "frappe.client.set_value", doctype="Issue", name=issue.name, fieldname=field, value=value
	)


@pytest.mark.clause("5.3.b")
def test_a_moment_that_is_typed_lies_between_the_report_and_now_and_is_what_was_counted(agreement):
	issue = scenario.judge_valid(scenario.issue(agreement), MONDAY)
	with scenario.at(MONDAY + hours(2)):
		for field in ("first_responded_on", "ops_restored_on"):
			for value, said in (("2026-03-03 09:00:00", "lies in the future"), ("2026-02-21 09:00:00", "lies before")):
				answer = _typed(issue, field, value)
				assert answer.status == 417 and said in answer.text, (field, value, answer.text)
			assert _typed(issue, field, "2026-03-02 10:00:00").status == 200
			answer = _typed(issue, field, "2026-03-02 09:30:00")
			assert answer.status == 417 and "was measured as" in answer.text
	for commitment in ("First Response", "Restore"):
		clock = scenario.clock(issue, commitment)
		assert (clock.state, clock.elapsed) == ("Met", 3600)
