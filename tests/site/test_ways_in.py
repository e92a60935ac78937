"""The rules of an Issue hold on every way in: forms, endpoints, lists, imports, workflows, mail, nightly jobs."""

import csv
import json
from datetime import timedelta

import factories
import frappe
import pytest
import scenario
from frappe.utils import get_datetime
from scenario import MONDAY, hours

from ops_delivery.api import erpnext_status
from ops_delivery.services.clocks import planning as clocks

NOT_ACCEPTED = "can be closed when the customer has accepted the result"


@pytest.fixture
def agreement(site):
	factories.make_email_account()
	return scenario.agreement()


@pytest.fixture
def issue(agreement):
	"""A valid report that nobody has resolved."""
	return scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")


@pytest.fixture(autouse=True)
def two_hours_later():
	with scenario.at(MONDAY + hours(2)):
		yield


def _status(issue):
	return frappe.db.get_value("Issue", issue.name, "status")


def _hold(issue):
	return scenario.change(issue, MONDAY + hours(1), status="On Hold", ops_pause_reason="waiting for access")


def _resolve(issue):
	return scenario.change(issue, MONDAY + hours(1), status="Resolved", resolution_details="<p>done</p>")


def _set_value(name, field, value):
	frappe.call("frappe.client.set_value", doctype="Issue", name=name, fieldname=field, value=value)


def _rest(name, field, value):
	from frappe.api import v1

	frappe.local.form_dict = frappe._dict(data=json.dumps({field: value}))
	v1.update_doc("Issue", name)


def _shortcut(name, field, value):
	if field != "status":
		pytest.skip("sets the status only")
	erpnext_status.set_status(name, value)


WAYS = pytest.mark.parametrize("way", [_set_value, _rest, _shortcut])


@pytest.mark.clause("6.3.g")
@WAYS
def test_what_is_not_accepted_is_not_closed(way, issue):
	with pytest.raises(frappe.ValidationError, match="is missing|" + NOT_ACCEPTED):
		way(issue.name, "status", "Closed")
	_resolve(issue)
	with pytest.raises(frappe.ValidationError, match=NOT_ACCEPTED):
		way(issue.name, "status", "Closed")


@pytest.mark.clause("6.3.g")
@WAYS
def test_nobody_accepts_for_the_customer(way, issue):
	_resolve(issue)
	with pytest.raises(frappe.PermissionError, match="the customer's own answer"):
		way(issue.name, "ops_acceptance_status", "Accepted")


@pytest.mark.clause("6.3.d")
@WAYS
def test_a_pause_needs_its_reason(way, issue):
	with pytest.raises(frappe.MandatoryError, match="Why it is paused"):
		way(issue.name, "status", "On Hold")


@WAYS
def test_the_clocks_follow(way, issue):
	_hold(issue)
	way(issue.name, "status", "Open")
	clock = scenario.clock(issue)
	assert scenario.ledger(clock)[-2:] == ["Pause", "Resume"]
	assert get_datetime(clock.due_on) == (MONDAY + hours(25)).replace(tzinfo=None)  # Tuesday 10:00


def test_the_frozen_agreement_cannot_be_swapped(issue):
	other = scenario.agreement()
	_set_value(issue.name, "ops_agreement", other.name)
	assert frappe.db.get_value("Issue", issue.name, "ops_agreement") == issue.ops_agreement


def test_bulk_update_of_the_client_refuses_one_and_saves_the_others(issue, agreement):
	other = scenario.judge_valid(scenario.issue(agreement), MONDAY, status="Replied")
	docs = [
		{"doctype": "Issue", "docname": issue.name, "status": "Closed"},
		{"doctype": "Issue", "docname": other.name, "status": "On Hold", "ops_pause_reason": "parts"},
	]
	failed = frappe.call("frappe.client.bulk_update", docs=json.dumps(docs))["failed_docs"]
	assert [row["doc"]["docname"] for row in failed] == [issue.name]
	assert (_status(issue), _status(other)) == ("Replied", "On Hold")
	assert scenario.clock(other).state == "Paused"


def test_bulk_edit_of_the_list_refuses_one_and_saves_the_others(issue, agreement):
	from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs

	other = _resolve(scenario.judge_valid(scenario.issue(agreement), MONDAY))
	failed = submit_cancel_or_update_docs(
		"Issue", json.dumps([issue.name, other.name]), "update", json.dumps({"status": "Open"})
	)
	assert failed == []
	assert scenario.clock(other).state == "Running"
	failed = submit_cancel_or_update_docs(
		"Issue", json.dumps([issue.name]), "update", json.dumps({"status": "Closed"})
	)
	assert failed == [issue.name]
	assert _status(issue) == "Open"


def test_erpnexts_shortcut_for_several_names_what_it_refuses(issue, agreement):
	other = _hold(scenario.judge_valid(scenario.issue(agreement), MONDAY))
	erpnext_status.set_multiple_status(json.dumps([issue.name, other.name]), "Resolved")
	assert (_status(issue), _status(other)) == ("Replied", "On Hold")
	text = "".join(str(message) for message in frappe.get_message_log())
	assert issue.name in text and "Resolution Details" in text
	erpnext_status.set_multiple_status(json.dumps([issue.name, other.name]), "Open")
	assert (_status(issue), _status(other)) == ("Open", "Open")
	assert scenario.clock(other).state == "Running"


@pytest.mark.parametrize("name", ["set_status", "set_multiple_status"])
def test_erpnexts_shortcuts_are_ours(name):
	overridden = frappe.get_hooks("override_whitelisted_methods")
	path = f"erpnext.support.doctype.issue.issue.{name}"
	assert overridden[path][-1] == f"ops_delivery.api.erpnext_status.{name}"


def test_data_import(issue, agreement, tmp_path):
	from frappe.core.doctype.data_import.data_import import import_file

	held = _hold(scenario.judge_valid(scenario.issue(agreement), MONDAY))
	path = tmp_path / "issues.csv"
	with path.open("w", newline="") as file:
		csv.writer(file).writerows(
			[["ID", "Status", "Subject"], [issue.name, "Closed", "x"], [held.name, "Open", "y"]]
		)
	frappe.db.delete("Data Import Log")  # of another test's import, which has no name either
	frappe.db.commit()
	import_file("Issue", str(path), "Update", console=True)
	assert (_status(issue), _status(held)) == ("Replied", "Open")
	assert scenario.clock(held).state == "Running"


def test_a_workflow_of_the_sites_own(issue):
	from frappe.model.workflow import apply_workflow

	states = ("Replied", "Resolved", "Closed", "Open", "On Hold")
	for state in states:
		if not frappe.db.exists("Workflow State", state):
			factories.make("Workflow State", workflow_state_name=state)
	for action in ("Resolve it", "Close it"):
		factories.make("Workflow Action Master", workflow_action_name=action)
	factories.make(
		"Workflow",
		workflow_name=factories.unique("Desk"),
		document_type="Issue",
		is_active=1,
		workflow_state_field="status",
		states=[
			{"state": state, "doc_status": "0", "allow_edit": "All"}
			for state in states
		],
		transitions=[
			{"state": "Replied", "action": "Resolve it", "next_state": "Resolved", "allowed": "All"},
			{"state": "Resolved", "action": "Close it", "next_state": "Closed", "allowed": "All"},
		],
	)
	frappe.clear_cache(doctype="Issue")
	document = frappe.get_doc("Issue", issue.name)
	with pytest.raises(frappe.ValidationError, match="Resolution Details"):
		apply_workflow(document, "Resolve it")
	document = frappe.get_doc("Issue", issue.name)
	document.db_set("resolution_details", "done")
	apply_workflow(frappe.get_doc("Issue", issue.name), "Resolve it")
	assert scenario.clock(issue).state == "Met"
	with pytest.raises(frappe.ValidationError, match=NOT_ACCEPTED):
		apply_workflow(frappe.get_doc("Issue", issue.name), "Close it")


@pytest.mark.clause("6.3.g")
def test_erpnexts_nightly_closing_leaves_ours_and_goes_on_with_others(issue, agreement):
	from erpnext.support.doctype.issue.issue import auto_close_tickets

	unjudged = scenario.change(scenario.issue(agreement), MONDAY, status="Replied")
	theirs = factories.make_issue(factories.make_customer().name, status="Replied")
	theirs.status = "Replied"
	theirs.save()
	names = [issue.name, unjudged.name, theirs.name]
	table = frappe.qb.DocType("Issue")
	long_ago = frappe.utils.now_datetime() - timedelta(days=400)
	frappe.qb.update(table).set(table.modified, long_ago).where(table.name.isin(names)).run()
	frappe.local.job = frappe._dict(
		method="frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job",
		kwargs={"job_type": "erpnext.support.doctype.issue.issue.auto_close_tickets"},
	)
	try:
		auto_close_tickets()
	finally:
		frappe.local.job = None
	assert [_status(each) for each in (issue, unjudged, theirs)] == ["Replied", "Replied", "Closed"]


def _mail_from_the_customer(issue):
	return factories.make(
		"Communication",
		communication_type="Communication",
		communication_medium="Email",
		sent_or_received="Received",
		sender="customer@example.com",
		recipients="desk@example.com",
		subject=f"Re: {issue.subject}",
		content="and another thing",
		reference_doctype="Issue",
		reference_name=issue.name,
	)


@pytest.mark.clause("6.3.g")
def test_a_reply_does_not_reopen_what_is_resolved(issue):
	_resolve(issue)
	_mail_from_the_customer(issue)
	assert _status(issue) == "Resolved"
	assert scenario.clock(issue).state == "Met"
	assert frappe.db.exists(
		"Service Notice", {"reference_name": issue.name, "key_point": "ops_reply_after_end"}
	)


@pytest.mark.clause("6.3.g")
def test_a_reply_does_not_reopen_what_is_closed(issue):
	_resolve(issue)
	document = frappe.get_doc("Issue", issue.name)
	document.update({"status": "Closed", "ops_acceptance_status": "Accepted"})
	document.flags.ops_acceptance = True
	document.save()
	_mail_from_the_customer(issue)
	assert _status(issue) == "Closed"
	invalid = scenario.change(
		scenario.issue(frappe._dict(customer=issue.customer)),
		MONDAY + hours(1),
		ops_validity="Invalid",
		ops_invalid_reason="not ours",
	)
	scenario.change(invalid, MONDAY + hours(1), status="Closed")
	_mail_from_the_customer(invalid)
	assert _status(invalid) == "Closed"


def test_a_reply_ends_a_pause(issue):
	_hold(issue)
	_mail_from_the_customer(issue)
	assert _status(issue) == "Open"
	clock = scenario.clock(issue)
	assert (clock.state, clock.elapsed) == ("Running", 3600)
	assert not frappe.db.get_value("Issue", issue.name, "ops_pause_reason")
	assert clocks.rebuild("Issue", issue.name, repair=False) == []


@pytest.mark.clause("6.3.d", "6.3.f")
def test_assignment_rules_keep_working_and_dispatch_once(agreement):
	engineer = factories.make_user(roles=["Field Engineer"]).name
	factories.make(
		"Assignment Rule",
		name=factories.unique("Dispatch"),
		document_type="Issue",
		description="{{ subject }}",
		assign_condition='status == "Open"',
		unassign_condition='status == "Closed"',
		rule="Round Robin",
		users=[{"user": engineer}],
		assignment_days=[{"day": day} for day in (*scenario.WEEK, "Saturday", "Sunday")],
		priority=9,
	)
	frappe.cache.delete_value("assignment_rule_map")
	frappe.clear_cache(doctype="Assignment Rule")
	issue = scenario.issue(agreement)
	scenario.judge_valid(issue, MONDAY + hours(1))
	todos = frappe.get_all("ToDo", {"reference_name": issue.name, "status": "Open"}, pluck="allocated_to")
	assert todos == [engineer]
	dispatched = {"reference_name": issue.name, "key_point": "ops_dispatched"}
	assert frappe.db.count("Service Notice", dispatched) == 1
	assert scenario.clock(issue).state == "Running"
	assert clocks.rebuild("Issue", issue.name, repair=False) == []
