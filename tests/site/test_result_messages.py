"""A mail or message while a result waits is an answer, perhaps, and decides nothing by itself (6.3.g); what is closed stays so."""

from datetime import timedelta

import customers
import factories
import frappe
import pages
import pytest
import receiving
import scenario

from ops_delivery.api import issue as api
from ops_delivery.api import portal as portal_api
from ops_delivery.services.portal import requests as portal
from ops_delivery.services.requests import acceptance, recurrence, result_messages
from ops_delivery.services.requests import acceptance_channels as answering
from ops_delivery.services.requests import silence as deemed_acceptance

pytestmark = pytest.mark.clause("6.3.g")
DUE = scenario.MONDAY + timedelta(days=7, hours=10)


@pytest.fixture
def w(site):
	w = customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	factories.make_email_account()
	w.door = receiving.door()
	w.desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	return w


def write(w, text="Still broken", sender=None, issue=None, **headers):
	return receiving.receive(w.door, receiving.message(issue or w.issue, sender or w.asker, text, **headers))


def waits(w) -> tuple:
	return frappe.db.get_value(
		"Service Acceptance", customers.open_one(w.issue), ["deemed_on", "next_action_on"]
	)


def test_a_mail_ends_the_silence_at_once_and_stands_on_the_form(w):
	assert waits(w)[0]
	quoted = "Thanks, but the scanner still fails.\n\n在 2026-03-03 10:12:00，服务台 <desk@example.com> 写道：\n> accept it"
	message = write(w, quoted)
	assert waits(w) == (None, None)
	assert frappe.db.get_value("Issue", w.issue.name, "status") == "Resolved"
	(shown,) = result_messages.waiting(w.issue.name)
	assert (shown["name"], shown["sender"], shown["words"]) == (
		message.name,
		w.asker,
		"Thanks, but the scanner still fails.",
	)
	doc = frappe.get_doc("Issue", w.issue.name)
	doc.run_method("onload")
	assert [row["name"] for row in doc.get_onload("ops_messages")] == [message.name]


def test_staff_take_it_for_the_acceptance_with_the_mail_as_evidence(w, as_user):
	message = write(w, "It works now, thank you.")
	with as_user(w.desk):
		assert api.take_message(w.issue.name, message.name, "Accepted") == "Accepted"
	row = frappe.get_doc("Service Acceptance", acceptance.latest(w.issue.name).name)
	assert (row.channel, row.recorded_by, row.decided_by_email) == ("Recorded by Staff", w.desk, w.asker)
	assert message.subject in row.recorded_how and w.asker in row.recorded_how
	assert [(one.message, one.taken_as, one.taken_by) for one in row.messages] == [
		(message.name, "Accepted", w.desk)
	]
	assert frappe.db.get_value("Issue", w.issue.name, "status") == "Closed"


def test_its_words_are_shown_as_they_were_written_without_what_it_quotes(w):
	write(w, "A & B are warm\n\n> Are they?\n> Yes")
	assert [row["words"] for row in result_messages.waiting(w.issue.name)] == ["A & B are warm"]


def test_staff_take_it_for_the_rejection_with_its_words(w, as_user):
	message = write(w, "The fan is loud again.")
	with as_user(w.desk):
		assert (
			api.take_message(w.issue.name, message.name, "Rejected", comment="The fan is loud again.")
			== "Rejected"
		)
	assert frappe.db.get_value("Issue", w.issue.name, ["status", "ops_reopen_count"]) == ("Open", 1)


def test_only_a_message_leaves_the_result_waiting_and_counts_the_silence_anew(w, as_user):
	message = write(w, "We will try it on Thursday.")
	with scenario.at(scenario.MONDAY + timedelta(days=1)):
		customers.tell_all()
		with as_user(w.desk):
			assert api.take_message(w.issue.name, message.name, "Only a Message") == "Requested"
	assert waits(w)[0].date() == (scenario.MONDAY + timedelta(days=8)).date()
	with scenario.at(scenario.MONDAY + timedelta(days=4)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		customers.tell_all()
	with scenario.at(DUE):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	with scenario.at(scenario.MONDAY + timedelta(days=9, hours=10)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1


def test_what_somebody_has_taken_already_is_not_taken_twice(w, as_user):
	message = write(w)
	with as_user(w.desk):
		api.take_message(w.issue.name, message.name, "Only a Message")
		with pytest.raises(frappe.ValidationError, match="Somebody has said already what this message is"):
			api.take_message(w.issue.name, message.name, "Accepted")
		with pytest.raises(frappe.ValidationError, match="no way to take a message"):
			api.take_message(w.issue.name, message.name, "Deemed Accepted")


def test_a_message_that_became_a_complaint_is_not_shown_on_the_request(w):
	from ops_delivery.services.complaints import intake as complaint_intake

	message = write(w, "I complain about your engineer")
	complaint_intake.from_communication(message.name)
	assert result_messages.waiting(w.issue.name) == []
	with scenario.at(DUE):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0


def test_a_question_on_the_portal_is_no_answer_and_no_silence(w, as_user):
	with as_user(w.asker):
		name = portal_api.add_information(w.issue.name, "Which fan did you replace?")
	assert waits(w) == (None, None)
	assert [row["name"] for row in result_messages.waiting(w.issue.name)] == [name]
	points = frappe.get_all(
		"Service Notice", {"reference_name": w.issue.name, "state": "Pending"}, pluck="key_point"
	)
	assert points.count("ops_reply_after_end") == 1 and "ops_information" not in points
	with scenario.at(DUE):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0


def test_the_page_asks_for_no_answer_to_what_is_worked_on_again(w, as_user):
	frappe.db.set_value("Issue", w.issue.name, "status", "Open")  # past every rule
	assert portal.offer(acceptance.latest(w.issue.name))["waiting"] is False
	with as_user(w.asker):
		assert portal.request(w.issue.name, w.asker)["answer"] is None
		with pytest.raises(acceptance.AlreadyDecided, match="worked on again"):
			answering.decide_on_portal(w.issue.name, "Accepted")


def test_a_second_result_offers_the_second_text(w):
	first = customers.open_one(w.issue)
	frappe.db.set_value("Issue", w.issue.name, "status", "Open")
	customers.resolve(
		w.issue, scenario.MONDAY + timedelta(hours=5), resolution_details="<p>Replaced the board.</p>"
	)
	assert frappe.db.get_value("Service Acceptance", first, "state") == "Withdrawn"
	offered = acceptance.latest(w.issue.name)
	assert (offered.round, offered.state) == (
		2,
		"Requested",
	) and "Replaced the board" in offered.offered_result


# Closed and accepted


@pytest.fixture
def closed(w):
	acceptance.decide(customers.open_one(w.issue), "Accepted", "Chen Jing", w.asker, "Portal")
	return w


def test_a_mail_to_a_closed_request_is_a_message(closed):
	write(closed, "thank you")
	assert frappe.db.get_value("Issue", closed.issue.name, ["status", "ops_acceptance_status"]) == (
		"Closed",
		"Accepted",
	)
	assert result_messages.waiting(closed.issue.name) == []


def test_it_happened_again_makes_a_linked_request_on_the_portal(closed, as_user):
	with as_user(closed.asker):
		new = recurrence.by_the_customer(closed.issue.name, "The fan stands still since noon.")
		assert new != closed.issue.name
		again = recurrence.by_the_customer(closed.issue.name, "The fan stands still since noon.")
		assert again == new  # sent twice
	found = frappe.db.get_value("Issue", new, ["ops_follows", "customer", "raised_by", "status"])
	assert found == (closed.issue.name, closed.customer, closed.asker, "Open")
	assert frappe.db.get_value("Issue", closed.issue.name, "status") == "Closed"


def test_nobody_links_a_request_to_one_they_may_not_see(closed, as_user):
	with as_user(closed.stranger), pytest.raises(frappe.PermissionError, match="no request"):
		recurrence.by_the_customer(closed.issue.name, "Mine")


def test_it_happened_again_makes_a_linked_request_on_the_desk(closed, as_user):
	with as_user(closed.desk):
		new = frappe.get_doc("Issue", api.happened_again(closed.issue.name, "By phone: it is back"))
	assert (new.ops_follows, new.customer, new.ops_customer_email) == (
		closed.issue.name,
		closed.customer,
		closed.asker,
	)
	assert new.ops_agreement and not new.ops_validity and scenario.clock(new).state == "Running"


def test_what_is_not_closed_cannot_happen_again(w, as_user):
	with (
		as_user(w.desk),
		pytest.raises(frappe.ValidationError, match="is not closed, so nothing can happen again"),
	):
		api.happened_again(w.issue.name, "It is back")
