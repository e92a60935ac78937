"""Who is told of what comes from the customer, once each, and the customer's news in one mail (5.3.c, 6.3.f)."""

from datetime import timedelta

import complaining
import customers
import factories
import frappe
import pytest
import receiving
import scenario
from frappe.desk.form import assign_to

from ops_delivery.patches import tell_the_desk
from ops_delivery.permissions import switches
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f")]


@pytest.fixture
def w(site):
	frappe.db.delete("Service Notice")
	factories.make_email_account()
	notifications.seed_notifications()
	w = customers.world()
	frappe.db.delete("Service Notice")
	w.door = receiving.door()
	w.desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	w.engineer = factories.make_user(roles=["Field Engineer"]).name
	return w


def told(doctype, name) -> dict[str, list[str]]:
	"""Whom a record's notices were sent to, by key point."""
	notices.deliver()
	rows = frappe.get_all(
		"Service Notice", {"reference_doctype": doctype, "reference_name": name}, ["key_point", "told"]
	)
	return {row.key_point: (row.told or "").splitlines() for row in rows}


def mails_to(name, address) -> list[str]:
	return [mail.splitlines()[0] for mail in customers.mails(name, address)]


def test_a_new_request_by_mail_is_told_to_the_desk_and_its_customer(w):
	message = receiving.receive(w.door, receiving.message(None, w.asker, "The fan stands still"))
	found = told("Issue", message.reference_name)
	assert w.desk in found["ops_new"] and w.asker not in found["ops_new"]
	assert found["ops_received"] == [w.asker]
	assert "ops_message" not in found  # the mail that opened it is told with it
	assert len(mails_to(message.reference_name, w.desk)) == 1


def test_what_staff_enter_is_no_news_to_them(w):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	assert "ops_new" not in told("Issue", issue.name)


def test_a_reply_is_told_to_the_desk_while_nobody_is_assigned(w):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	receiving.receive(w.door, receiving.message(issue, w.asker, "It smokes now.\n\n> We have it"))
	assert w.desk in told("Issue", issue.name)["ops_message"]
	(text,) = [mail for mail in customers.mails(issue.name, w.desk) if "message from the customer" in mail]
	assert "It smokes now." in text and "We have it" not in text


def test_whoever_is_assigned_is_told_in_place_of_the_desk(w, as_user):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	assign_to.add({"doctype": "Issue", "name": issue.name, "assign_to": [w.engineer]})
	receiving.receive(w.door, receiving.message(issue, w.asker, "It smokes now."))
	assert told("Issue", issue.name)["ops_message"] == []


def test_a_reply_after_the_end_is_one_mail_to_the_assignee(w):
	assign_to.add({"doctype": "Issue", "name": w.issue.name, "assign_to": [w.engineer]})
	frappe.db.delete("Email Queue", {"reference_name": w.issue.name})
	frappe.db.delete("Service Notice")
	from frappe.email.receive import InboundMail

	mail = InboundMail(receiving.message(w.issue, w.asker, "Still broken"), w.door, uid=1)
	communication = mail.process()
	if mail.flags.is_new_communication:  # as Frappe's EmailAccount.receive goes on
		communication.send_email(is_inbound_mail_communcation=True)
	found = told("Issue", w.issue.name)
	assert set(found["ops_reply_after_end"]) == {w.engineer}
	assert len(mails_to(w.issue.name, w.engineer)) == 1
	(text,) = customers.mails(w.issue.name, w.engineer)
	assert "Still broken" in text and "only a message" in text


def test_a_customer_who_is_known_later_is_told_that_we_have_it(w):
	frappe.db.set_single_value("Ops Delivery Settings", "issue_rule", "Service Agreement")
	stranger = factories.unique_email("new")
	message = receiving.receive(w.door, receiving.message(None, stranger))
	name = message.reference_name
	assert "ops_received" not in told("Issue", name)
	issue = frappe.get_doc("Issue", name)
	issue.customer = w.customer
	issue.save()
	assert told("Issue", name)["ops_received"] == [stranger]


# One mail


@pytest.fixture
def gathering(w):
	frappe.db.set_single_value("Ops Delivery Settings", "gather_seconds", 30)
	switches.forget()
	frappe.clear_document_cache("Ops Delivery Settings")
	yield w
	frappe.clear_document_cache("Ops Delivery Settings")


def test_received_taken_on_and_in_good_hands_within_seconds_are_one_mail(gathering):
	w = gathering
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	with scenario.at(scenario.MONDAY):
		assert notices.deliver()["told"] == 0  # it waits a little
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(seconds=8))
	with scenario.at(scenario.MONDAY + timedelta(seconds=15)):
		assign_to.add({"doctype": "Issue", "name": issue.name, "assign_to": [w.engineer]})
	with scenario.at(scenario.MONDAY + timedelta(seconds=50)):
		notices.deliver()
	(mail,) = customers.mails(issue.name, w.asker)
	assert mail.splitlines()[0].startswith(f"{issue.name} in good hands")
	for sentence in (
		"We have your report",
		"We have taken on your request",
		"was given to the people who will solve it",
	):
		assert mail.count(sentence) == 1
	assert mail.count("See the request") == 1 and "provisional" not in mail.split("We have taken on")[1]


def test_what_comes_later_is_a_mail_of_its_own(gathering):
	w = gathering
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	with scenario.at(scenario.MONDAY + timedelta(seconds=31)):
		notices.deliver()
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(minutes=10))
	with scenario.at(scenario.MONDAY + timedelta(minutes=11)):
		notices.deliver()
	assert len(customers.mails(issue.name, w.asker)) == 2


def test_a_result_is_told_after_that_the_report_was_received(gathering):
	w = gathering
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(seconds=5))
	customers.resolve(issue, scenario.MONDAY + timedelta(seconds=9))
	with scenario.at(scenario.MONDAY + timedelta(seconds=10)):
		notices.deliver()
	subjects = mails_to(issue.name, w.asker)
	assert len(subjects) == 2 and "taken on" in subjects[0] and "resolved" in subjects[1]


def test_where_the_later_notice_mails_the_customer_nothing_the_earlier_one_goes(gathering):
	w = gathering
	frappe.db.set_value("Notification", "Request accepted (customer)", "enabled", 0)
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(seconds=5))
	with scenario.at(scenario.MONDAY + timedelta(seconds=50)):
		notices.deliver()
	(mail,) = customers.mails(issue.name, w.asker)
	assert "We have your report" in mail


# Complaints


def complaints_door(w):
	return receiving.door("Service Complaint")


def test_a_complaint_as_a_reply_to_a_requests_mail_is_one_about_it(w):
	notices.post("Issue", w.issue.name, "ops_received")
	notices.deliver()
	ours = frappe.get_last_doc("Email Queue", {"reference_name": w.issue.name})
	raw = receiving.message(
		None, w.asker, "I complain about your engineer", In_Reply_To=f"<{ours.message_id}>"
	)
	message = receiving.receive(complaints_door(w), raw)
	assert message.reference_doctype == "Service Complaint"
	complaint = frappe.get_doc("Service Complaint", message.reference_name)
	assert (complaint.reference_doctype, complaint.reference_name) == ("Issue", w.issue.name)
	assert complaint.customer == w.customer and complaint.text == "I complain about your engineer"
	assert frappe.db.get_value("Issue", w.issue.name, "status") == "Resolved"


def test_nobody_elses_complaint_is_tied_to_a_request(w):
	notices.post("Issue", w.issue.name, "ops_received")
	notices.deliver()
	ours = frappe.get_last_doc("Email Queue", {"reference_name": w.issue.name})
	raw = receiving.message(None, w.stranger, "I complain, too", In_Reply_To=f"<{ours.message_id}>")
	message = receiving.receive(complaints_door(w), raw)
	complaint = frappe.get_doc("Service Complaint", message.reference_name)
	assert not complaint.reference_name and complaint.customer != w.customer


def test_a_reply_to_a_complaints_mail_reaches_who_handles_it(w):
	message = receiving.receive(complaints_door(w), receiving.message(None, w.asker, "I complain"))
	name = message.reference_name
	chooser = factories.make_user(roles=["Complaint Handler"]).name
	assert "ops_complaint_message" not in told("Service Complaint", name)
	ours = frappe.get_last_doc(
		"Email Queue", {"reference_name": name, "reference_doctype": "Service Complaint"}
	)
	reply = receiving.message(None, w.asker, "One thing more", In_Reply_To=f"<{ours.message_id}>")
	answer = receiving.receive(w.door, reply)  # as it goes to the service desk's mailbox
	assert (answer.reference_doctype, answer.reference_name) == ("Service Complaint", name)
	found = told("Service Complaint", name)["ops_complaint_message"]
	assert chooser in found and w.asker not in found
	handler = factories.make_user(roles=["Complaint Handler"]).name
	frappe.db.set_value("Service Complaint", name, "handler", handler)
	frappe.db.delete("Service Notice", {"key_point": "ops_complaint_message"})
	receiving.receive(
		w.door, receiving.message(None, w.asker, "And another", In_Reply_To=f"<{ours.message_id}>")
	)
	assert told("Service Complaint", name)["ops_complaint_message"] == [handler]


def test_an_update_widens_what_was_planted_and_leaves_what_somebody_edited(w):
	planted, edited = tell_the_desk.WIDENED
	for name, message in ((planted, None), (edited, "<p>Our own words</p>")):
		alert = frappe.get_doc("Notification", name)
		text = notifications.NOTIFICATIONS[name]["message"]
		before = "\n".join(line for line in text.split("\n") if not any(part in line for part in tell_the_desk.ADDED))
		alert.message = message or before
		alert.set("recipients", [])
		if message:
			alert.update({"send_to_all_assignees": 0, "enabled": 0})
			alert.append("recipients", {"cc": "boss@example.com"})
		alert.save()
	tell_the_desk.execute()
	widened = frappe.get_doc("Notification", planted)
	assert widened.message == notifications.NOTIFICATIONS[planted]["message"]
	assert [row.cc for row in widened.recipients] == ["{{ ops_desk_people(doc) }}"]
	left = frappe.get_doc("Notification", edited)
	assert (left.message, left.enabled, [row.cc for row in left.recipients]) == (
		"<p>Our own words</p>",
		0,
		["boss@example.com"],
	)
	modified = widened.modified
	tell_the_desk.execute()
	assert frappe.db.get_value("Notification", planted, "modified") == modified
