"""Handing a matter over to another service content (6.3.i)."""

import factories
import frappe
import pytest
import scenario

from ops_delivery.services.handover import steps as handover
from ops_delivery.services.host import connections


@pytest.fixture
def issue(site):
	return scenario.issue(scenario.agreement(), subject="Backup fails every Sunday")


def _open(issue, content="Optimization and Improvement", **values):
	name = handover.open("Issue", issue.name, content, values.pop("subject", "Replace the server"), **values)
	return frappe.get_doc("Service Handover", name)


@pytest.mark.clause("6.3.i")
def test_the_facts_go_along_and_both_sides_show_the_link(issue):
	with scenario.at(scenario.MONDAY + scenario.hours(1)):
		made = _open(issue, note="Third time <b>this</b> quarter")
	assert (made.source_doctype, made.source_name, made.state) == ("Issue", issue.name, "Proposed")
	assert made.customer == issue.customer
	assert issue.name in made.facts and "Backup fails every Sunday" in made.facts
	assert "Resolution: Running" in made.facts
	assert "<b>this</b>" not in made.facts and "&lt;b&gt;this" in made.facts
	comments = frappe.get_all(
		"Comment", filters={"reference_name": issue.name, "comment_type": "Info"}, pluck="content"
	)
	assert any(made.name in comment for comment in comments)


@pytest.mark.clause("6.3.i")
def test_the_clocks_go_along_as_they_stand_at_that_moment(issue):
	with scenario.at(scenario.MONDAY + scenario.hours(2.5)):
		facts = _open(issue).facts
	assert "Resolution: Running, 2 h 30 min of 24 h used" in facts
	with scenario.at(scenario.MONDAY + scenario.hours(6)):  # an hour of it is lunch; the sweep has not looked yet
		facts = _open(issue, subject="Later").facts
	assert "First Response: Missed, 5 h of 4 h used" in facts


@pytest.mark.clause("6.3.i")
@pytest.mark.parametrize(
	"content, doctype, done",
	[
		("Routine Operation", "Task", "Completed"),
		("Optimization and Improvement", "Project", "Completed"),
		("Consultation and Evaluation", "Task", "Completed"),
	],
)
def test_starting_opens_the_record_and_its_end_ends_the_handover(issue, content, doctype, done):
	made = _open(issue, content)
	target = handover.start(made.name, doctype)
	made.reload()
	assert (made.state, made.target_doctype, made.target_name) == ("Started", doctype, target["name"])
	record = frappe.get_doc(doctype, target["name"])
	assert "Backup fails every Sunday" in (record.get("description") or record.get("notes"))
	# a project ends with its last task
	task = record if doctype == "Task" else factories.make("Task", subject="Replace it", project=record.name)
	task.update({"status": done, "completed_on": frappe.utils.nowdate(), "completed_by": "Administrator"})
	task.save()
	made.reload()
	assert made.state == "Done" and record.name in made.answer


def test_an_existing_record_can_carry_it_on(issue):
	made = _open(issue, "Routine Operation")
	task = factories.make("Task", subject="Weekly check")
	assert handover.start(made.name, "Task", task.name) == {"doctype": "Task", "name": task.name}
	with pytest.raises(frappe.ValidationError, match="already carried on"):
		handover.start(made.name, "Task")


@pytest.mark.parametrize(
	"values, message",
	[
		({"state": "Declined"}, "Answer"),
		({"state": "Started"}, "Record"),
		({"state": "Done"}, "Record"),
	],
)
def test_a_state_needs_what_it_says(issue, values, message):
	made = _open(issue)
	made.update(values)
	with pytest.raises(frappe.ValidationError, match=message):
		made.save()


def test_a_handover_never_leads_back_into_its_source(issue):
	made = _open(issue, "Response Support")
	with pytest.raises(frappe.ValidationError, match="came from"):
		handover.start(made.name, "Issue", issue.name)


def test_states_follow_their_order(issue):
	made = _open(issue)
	made.update({"state": "Declined", "answer": "Not ours"})
	made.save()
	made.state = "Accepted"
	with pytest.raises(frappe.ValidationError, match="cannot become"):
		made.save()


def test_bad_input_names_the_field(issue):
	with pytest.raises(frappe.ValidationError, match="Service Content"):
		_open(issue, "Gardening")
	with pytest.raises(frappe.ValidationError, match="Subject"):
		_open(issue, subject="  ")
	with pytest.raises(frappe.ValidationError, match="Carried on in"):
		handover.start(_open(issue).name, "Issue")


def test_whoever_takes_it_on_is_assigned(issue):
	user = factories.make_user(roles=["Field Engineer"]).name
	made = _open(issue, owner=user)
	assert frappe.db.exists("ToDo", {"reference_name": made.name, "allocated_to": user})


def test_the_issue_shows_what_belongs_to_it(site):
	data = connections.of_issue({"fieldname": "issue", "transactions": []})
	items = [item for group in data["transactions"] for item in group["items"]]
	assert {"Service Clock", "Escalation Log", "Service Acceptance", "Service Handover"} <= set(items)
	assert data["dynamic_links"][data["non_standard_fieldnames"]["Service Handover"]][0] == "Issue"
