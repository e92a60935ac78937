"""What a received mail does to a request, by Frappe's own processing of the whole message (5.3.c, 6.3.g)."""

import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as default_policy
from unittest.mock import patch

import api_calls
import customers
import factories
import frappe
import mailed
import pytest
import receiving
import scenario
from pages import get

from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.engine import health
from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import settling as mail_settling
from ops_delivery.services.requests import acceptance
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.shared import locale as reader
from ops_delivery.services.shared.locale import moment

LATER = scenario.MONDAY + timedelta(hours=4)
AUTOMATIC = {
	"away": {"Auto_Submitted": "auto-replied"},
	"machine": {"Auto_Submitted": "auto-generated; type=x"},
	"exchange": {"X_Auto_Response_Suppress": "All"},
	"bulk": {"Precedence": "bulk"},
	"answer": {"Precedence": "auto_reply"},
	"list": {"Precedence": "list"},
	"autoreply": {"X_Autoreply": "yes"},
	"bounce": {"Return_Path": "<>"},
}


@pytest.fixture
def w(site):
	w = customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	factories.make_email_account()
	w.door = receiving.door()
	return w


def write(w, issue, text="still broken", sender=None, **headers):
	return receiving.receive(w.door, receiving.message(issue, sender or w.asker, text, **headers))


def stands(issue) -> tuple:
	return tuple(
		frappe.db.get_value("Issue", issue.name, ["status", "ops_acceptance_status", "ops_reopen_count"])
	)


def told(issue, key_point: str) -> int:
	return frappe.db.count("Service Notice", {"reference_name": issue.name, "key_point": key_point})


def change(issue, **values):
	"""A save of now: a received mail's moment is the clock's on the wall."""
	issue = frappe.get_doc("Issue", issue.name)
	issue.update(values)
	issue.save()


def held(w):
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	scenario.judge_valid(issue, scenario.MONDAY + timedelta(hours=1))
	return scenario.change(
		issue, scenario.MONDAY + timedelta(hours=2), status="On Hold", ops_pause_reason="waiting for the part"
	)


@pytest.mark.clause("6.3.g")
def test_mail_to_a_resolved_request_reopens_nothing_and_is_told(w):
	message = write(w, w.issue)
	assert message.reference_name == w.issue.name and message.communication_type == "Communication"
	assert stands(w.issue) == ("Resolved", "Requested", 0)
	assert told(w.issue, "ops_reply_after_end") == 1
	assert scenario.clock(w.issue).state == "Met"


@pytest.mark.clause("6.3.g")
def test_mail_to_a_closed_request_reopens_nothing(w):
	acceptance.decide(customers.open_one(w.issue), "Accepted", "Chen Jing", w.asker, "Portal")
	write(w, w.issue, "thank you")
	assert stands(w.issue) == ("Closed", "Accepted", 0)


def test_an_old_message_saved_again_moves_nothing(w):
	issue = held(w)
	write(w, issue, "the part is here")
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_pause_reason"]) == ("Open", None)
	message = frappe.get_last_doc("Communication", {"reference_name": issue.name, "sent_or_received": "Received"})
	change(issue, status="On Hold", ops_pause_reason="waiting again")
	message.reload()
	message.save()
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_pause_reason"]) == ("On Hold", "waiting again")
	change(issue, status="Resolved", resolution_details="<p>Done</p>")
	message.reload()
	message.save()
	assert frappe.db.get_value("Issue", issue.name, "status") == "Resolved"
	assert clocks.rebuild("Issue", issue.name, repair=False) == []


def test_a_persons_mail_ends_a_pause(w):
	issue = held(w)
	write(w, issue)
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_pause_reason"]) == ("Open", None)
	assert told(issue, "ops_resumed") == 1


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_automatic_mail_is_filed_and_moves_nothing(w, kind):
	issue = held(w)
	message = write(w, issue, "I am away", **AUTOMATIC[kind])
	assert (message.reference_name, message.communication_type) == (issue.name, "Automated Message")
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_pause_reason"]) == (
		"On Hold",
		"waiting for the part",
	)
	assert told(issue, "ops_resumed") == 0 and scenario.clock(issue).state == "Paused"
	message.save()
	assert frappe.db.get_value("Issue", issue.name, "status") == "On Hold"
	write(w, w.issue, "I am away", **AUTOMATIC[kind])
	assert stands(w.issue) == ("Resolved", "Requested", 0) and told(
		w.issue, "ops_reply_after_end"
	) == (kind == "machine")  # our people look at what a system reports


@pytest.mark.parametrize("append_to", ["Issue", "Service Complaint"])
def test_automatic_mail_opens_no_request_and_no_complaint(w, append_to):
	w.door.db_set("append_to", append_to)
	door = frappe.get_doc("Email Account", w.door.name)
	before = frappe.db.count(append_to)
	raw = receiving.message(None, "mailer-daemon@example.org", "not delivered", Return_Path="<>")
	message = receiving.receive(door, raw)
	assert frappe.db.count(append_to) == before
	assert not message.reference_name and message.communication_type == "Automated Message"
	receiving.receive(door, receiving.message(None, w.asker))
	assert frappe.db.count(append_to) == before + 1


def test_a_persons_mail_is_a_persons(w):
	raw = receiving.message(w.issue, w.asker, Auto_Submitted="no", Return_Path=f"<{w.asker}>", Precedence="first-class")
	assert receiving.receive(w.door, raw).communication_type == "Communication"


# What follows from silence


def due(w):
	"""The result was offered and one reminder sent; within, the days have passed."""
	with scenario.at(LATER):
		customers.tell_all()
	with scenario.at(scenario.MONDAY + timedelta(days=2, hours=10)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		customers.tell_all()
	return scenario.at(scenario.MONDAY + timedelta(days=7, hours=10))


@pytest.mark.clause("6.3.g")
def test_silence_counts_where_the_customer_is_silent(w):
	with due(w):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1
	assert stands(w.issue) == ("Closed", "Deemed Accepted", 0)


@pytest.mark.clause("6.3.g")
def test_a_customer_who_wrote_is_not_silent(w):
	name = customers.open_one(w.issue)
	with due(w):
		write(w, w.issue, "still broken")
		assert deemed_acceptance.remind_and_deem() == {"reminded": 0, "deemed": 0, "failed": 0}
	assert stands(w.issue) == ("Resolved", "Requested", 0)
	assert frappe.db.get_value("Service Acceptance", name, ["state", "deemed_on"]) == ("Requested", None)
	acceptance.decide(name, "Accepted", "Chen Jing", w.asker, "Portal")  # an answer is one all the same


@pytest.mark.committed
@pytest.mark.clause("6.3.g")
def test_an_objection_that_is_just_being_received_is_no_silence(w, in_parallel):
	"""The mail is in, and its transaction not yet at its end, when the hourly run comes to the acceptance."""
	name = customers.open_one(w.issue)
	stored, comes, lock = threading.Event(), threading.Event(), acceptance.locked

	def locked(name):
		comes.set()
		return lock(name)

	def customer_writes():
		write(w, w.issue, "still broken")
		stored.set()
		assert comes.wait(20)

	def hour_strikes():
		assert stored.wait(20)
		with patch.object(acceptance, "locked", locked):
			return deemed_acceptance.remind_and_deem()

	with due(w):
		moment = frappe.flags.ops_now
		frappe.db.commit()

		def at_that_time(function):
			def run():
				frappe.flags.ops_now = moment
				return function()

			return run

		found = in_parallel(at_that_time(customer_writes), at_that_time(hour_strikes))
	assert found[1] == {"reminded": 0, "deemed": 0, "failed": 0}, found
	frappe.db.rollback()
	assert stands(w.issue) == ("Resolved", "Requested", 0)
	assert frappe.db.get_value("Service Acceptance", name, "state") == "Requested"


@pytest.mark.clause("6.3.g")
def test_an_automatic_answer_is_silence(w):
	with due(w):
		write(w, w.issue, "I am away", Auto_Submitted="auto-replied")
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1


@pytest.mark.clause("6.3.g")
def test_the_customers_own_ticket_system_is_no_silence(w):
	name = customers.open_one(w.issue)
	with due(w):
		write(w, w.issue, "[TICKET 7] reopened: still broken", Auto_Submitted="auto-generated")
		assert told(w.issue, "ops_reply_after_end") == 1
		assert deemed_acceptance.remind_and_deem() == {"reminded": 0, "deemed": 0, "failed": 0}
	assert stands(w.issue) == ("Resolved", "Requested", 0)
	assert frappe.db.get_value("Service Acceptance", name, ["state", "deemed_on"]) == ("Requested", None)


@pytest.mark.clause("6.3.g")
def test_a_report_from_an_address_of_ours_says_nothing(w):
	with due(w):
		other = factories.make_email_account(default_outgoing=0)
		write(w, w.issue, "queued", sender=other.email_id, Auto_Submitted="auto-generated")
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize("fault", [{"enable_incoming": 0}, {"no_failed": 3}], ids=["switched off", "failing"])
def test_nobody_is_taken_for_silent_while_their_mails_do_not_come_in(w, fault):
	another = scenario.issue(w.agreement, raised_by=w.asker)
	with due(w):
		write(w, another, "by this door they write")
		frappe.db.set_value("Email Account", w.door.name, fault)
		assert deemed_acceptance.remind_and_deem() == {"reminded": 0, "deemed": 0, "failed": 0}
		assert any(f"No mail comes in by {w.door.name}" in line for line in health.status()["messages"])
		frappe.db.set_value("Email Account", w.door.name, {"enable_incoming": 1, "no_failed": 0})
		assert not any("No mail comes in" in line for line in health.status()["messages"])
	with scenario.at(scenario.MONDAY + timedelta(days=7, hours=17)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 1


@pytest.mark.clause("6.3.g")
def test_a_request_that_is_worked_on_again_is_not_deemed_accepted(w):
	name = customers.open_one(w.issue)
	with due(w):
		frappe.db.set_value("Issue", w.issue.name, "status", "Open")  # past every rule
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	assert stands(w.issue)[0] == "Open"
	assert frappe.db.get_value("Service Acceptance", name, "state") == "Withdrawn"


@pytest.mark.clause("6.3.g")
def test_who_complained_about_it_is_not_silent(w):
	with due(w):
		factories.make(
			"Service Complaint",
			channel="Phone",
			subject="Nothing works",
			text="Nothing works",
			customer=w.customer,
			reference_doctype="Issue",
			reference_name=w.issue.name,
		)
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0
	assert stands(w.issue)[0] == "Resolved"


def test_nobody_is_reminded_of_what_they_answered_meanwhile(w):
	with scenario.at(LATER):
		customers.tell_all()
	with scenario.at(scenario.MONDAY + timedelta(days=2, hours=10)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		acceptance.decide(customers.open_one(w.issue), "Accepted", "Chen Jing", w.asker, "Portal")
		customers.tell_all()
	assert not any("still waits for your answer" in mail for mail in customers.mails(w.issue.name, w.asker))
	assert told(w.issue, "ops_reminded") == 0


@pytest.mark.clause("6.3.f", "6.3.g")
def test_mails_about_a_result_name_the_day_and_what_follows_silence(w):
	day = moment(acceptance.latest(w.issue.name).deemed_on)
	due(w)
	offered, reminded = customers.mails(w.issue.name, w.asker)[-2:]
	for text in (offered, reminded):
		assert f"If we hear nothing from you by {day}, the result counts as accepted" in text
	assert "still waits for your answer" in reminded
	assert "only when you accept" not in offered + reminded


@pytest.mark.parametrize(
	"language, consequence, heading",
	[
		("en", "If we hear nothing from you by {0}, the result counts as accepted", "still waits for your answer"),
		("zh", "如在 {0} 前未收到您的答复，将按约定视为您已接受处理结果，请求随之关闭", "仍等您答复"),
	],
)
@pytest.mark.clause("6.3.f")
def test_the_reminder_says_so_in_both_languages_and_in_both_parts_of_the_mail(w, language, consequence, heading):
	frappe.db.set_value("User", w.asker, "language", language)
	frappe.clear_document_cache("User", w.asker)
	with reader.reading(language):
		day = moment(acceptance.latest(w.issue.name).deemed_on)
	due(w)
	theirs = frappe.get_all("Email Queue Recipient", {"recipient": w.asker}, pluck="parent")
	about = {"name": ["in", theirs], "reference_name": w.issue.name}
	(name,) = frappe.get_all("Email Queue", about, pluck="name", order_by="creation desc", limit=1)
	mail = message_from_bytes(mailed.sent(frappe.get_doc("Email Queue", name), w.asker), policy=default_policy)
	assert heading in mail["subject"], mail["subject"]
	for kind in ("html", "plain"):
		text = " ".join(mail.get_body((kind,)).get_content().split())
		assert consequence.format(day) in text, (kind, text)


@pytest.mark.clause("6.3.g")
def test_a_mail_threatens_nothing_where_silence_never_counts(site):
	factories.make_email_account()
	w = customers.world()
	customers.tell_all()
	offered = customers.mails(w.issue.name, w.asker)[-1]
	assert "closed only when you accept the result" in offered and "counts as accepted" not in offered


# What we send


def test_our_mails_say_that_a_machine_wrote_them(w):
	with scenario.at(LATER):
		customers.tell_all()
	messages = frappe.get_all("Email Queue", {"reference_name": w.issue.name}, pluck="message")
	assert messages
	for text in messages:
		assert frappe.safe_decode(text).partition("\n\n")[0].count("Auto-Submitted: auto-generated") == 1


def test_a_persons_own_mail_is_a_persons(w):
	from frappe.core.doctype.communication.email import make

	make("Issue", w.issue.name, subject="By hand", content="Hello", recipients=w.asker, send_email=1)
	(text,) = frappe.get_all("Email Queue", {"message": ["like", "%By hand%"]}, pluck="message")
	assert "Auto-Submitted" not in text


@pytest.mark.clause("6.3.j")
@pytest.mark.parametrize("who", ["another customer's", "nobody knows"])
def test_who_has_no_part_in_a_request_writes_nothing_into_it(w, who, make_user, as_user):
	"""By an Email Account that is no service mailbox, where Frappe files a mail by the number alone."""
	issue = scenario.judge_valid(scenario.issue(w.agreement, raised_by=w.asker), scenario.MONDAY)
	scenario.change(issue, LATER, status="On Hold", ops_pause_reason="Waiting for a part")
	sender = w.stranger if who == "another customer's" else "who@else.example"
	raw = receiving.message(issue, sender, "Go on, says the stranger")
	assert receiving.receive(w.door, raw) is None
	assert receiving.receive(w.door, raw) is None  # the same mail, fetched once more
	paused = ("On Hold", "Waiting for a part")
	assert frappe.db.get_value("Issue", issue.name, ["status", "ops_pause_reason"]) == paused
	assert scenario.clock(issue).state == "Paused"
	assert "says the stranger" not in get(f"/service-requests/{issue.name}", w.asker)[1]
	assert not frappe.db.exists("Communication", {"sender": sender})
	(name,) = frappe.get_all(set_aside.DOCTYPE, {"sender": sender}, pluck="name")
	kept = frappe.get_doc(set_aside.DOCTYPE, name)
	assert (kept.reason, kept.reference_name) == (set_aside.STRANGER, issue.name)
	assert "says the stranger" in kept.excerpt
	with as_user(make_user(roles=["Service Desk"]).name):
		assert mail_settling.add_to_record(name) == issue.name
	assert "says the stranger" in get(f"/service-requests/{issue.name}", w.asker)[1]
	assert receiving.receive(w.door, receiving.message(issue, sender)).reference_name == issue.name  # they have a part now


def test_whoever_has_a_part_writes_into_a_request_by_any_mailbox(w):
	issue = scenario.judge_valid(scenario.issue(w.agreement, raised_by=w.asker), scenario.MONDAY)
	scenario.change(issue, LATER, status="On Hold", ops_pause_reason="Waiting for a part")
	receiving.receive(w.door, receiving.message(issue, w.colleague, "Here it is", Cc="maker@else.example"))
	assert frappe.db.get_value("Issue", issue.name, "status") == "Open"
	assert receiving.receive(w.door, receiving.message(issue, "maker@else.example")).reference_name == issue.name
	away = receiving.receive(w.door, receiving.message(issue, "who@else.example", Auto_Submitted="auto-replied"))
	assert away.communication_type == "Automated Message"


@pytest.mark.parametrize("code", ["utf-8", "gb18030"])
def test_who_says_in_bare_bytes_that_they_are_away_resumes_nothing(w, code):
	"""Subjects as Chinese programs write them, coded in no way that mails know."""
	issue = scenario.judge_valid(scenario.issue(w.agreement, raised_by=w.asker), scenario.MONDAY)
	scenario.change(issue, LATER, status="On Hold", ops_pause_reason="Waiting for a part")
	head, _gap, body = receiving.message(issue, w.asker, "back on Monday").partition(b"\n\n")
	lines = [line for line in head.split(b"\n") if not line.startswith(b"Subject:")]
	subject = f"Subject: 自动回复: 我在休假 (#{issue.name})".encode(code)
	message = receiving.receive(w.door, b"\n".join([subject, *lines]) + b"\n\n" + body)
	assert message.reference_name == issue.name and message.communication_type == "Automated Message"
	assert frappe.db.get_value("Issue", issue.name, "status") == "On Hold"


def test_a_mail_among_us_is_no_first_response(w):
	"""Who asks a colleague by the request's own mail form has told the customer nothing."""
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	desk, expert = (factories.make_user(roles=["Service Desk", "Support Team"]).name for _ in range(2))
	factories.make_email_account()

	def write(**to):
		form = {"doctype": "Issue", "name": issue.name, "subject": "Fan", "content": "Do you know it?", "send_email": "1", **to}
		answer = api_calls.post(desk, "frappe.core.doctype.communication.email.make", **form)
		assert answer.status == 200, answer.text
		return frappe.db.get_value("Issue", issue.name, "first_responded_on"), scenario.clock(issue, "First Response").state

	assert write(recipients=expert) == write(recipients=f"An Expert <{expert}>", cc=desk) == (None, "Running")
	answered_on, state = write(recipients=expert, cc=w.asker)
	assert answered_on and state == "Met"


def test_a_mail_to_nobody_at_the_customer_is_no_first_response(w):
	"""Who asks the maker by the request's own mail form has told the customer nothing."""
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name

	def write(**to):
		form = {"doctype": "Issue", "name": issue.name, "subject": "Fan", "content": "Do you know it?", "send_email": "1", **to}
		answer = api_calls.post(desk, "frappe.core.doctype.communication.email.make", **form)
		assert answer.status == 200, answer.text
		answered_on = frappe.db.get_value("Issue", issue.name, "first_responded_on")
		return bool(answered_on), scenario.clock(issue, "First Response").state

	maker, other = "Support <help@maker.example>", w.stranger
	assert write(recipients=maker) == write(recipients=other, cc=maker) == (False, "Running")
	assert write(recipients=maker, cc=w.colleague) == (True, "Met")


@pytest.mark.parametrize("to", ["who@mail.example", "chen@customers.example"])
def test_an_address_that_may_be_the_customers_is_an_answer(w, to):
	"""Who asked by telephone is written to wherever they said; and people of one house have addresses of one domain."""
	asker = "li@customers.example" if to.startswith("chen") else None
	issue = scenario.issue(w.agreement, raised_by=asker)
	if not asker:
		frappe.db.set_value("Issue", issue.name, {"raised_by": None, "ops_customer_email": None, "contact": None})
	desk = factories.make_user(roles=["Service Desk", "Support Team"]).name
	form = {"doctype": "Issue", "name": issue.name, "subject": "Fan", "content": "We look", "send_email": "1", "recipients": to}
	assert api_calls.post(desk, "frappe.core.doctype.communication.email.make", **form).status == 200
	assert scenario.clock(issue, "First Response").state == "Met"


def test_an_administrators_notification_is_no_first_response(w):
	factories.make(
		"Notification",
		name=factories.unique("Own"),
		subject="Told",
		document_type="Issue",
		event="New",
		channel="Email",
		message="We have it",
		recipients=[{"receiver_by_document_field": "raised_by"}],
	)
	issue = scenario.issue(w.agreement, raised_by=w.asker)
	assert frappe.db.exists(
		"Communication", {"reference_name": issue.name, "communication_type": "Automated Message", "subject": "Told"}
	)
	assert not frappe.db.get_value("Issue", issue.name, "first_responded_on")
	assert scenario.clock(issue, "First Response").state == "Running"
	(text,) = frappe.get_all(
		"Email Queue", {"reference_name": issue.name, "message": ["like", "%Told%"]}, pluck="message"
	)
	assert "Auto-Submitted: auto-generated" in text
