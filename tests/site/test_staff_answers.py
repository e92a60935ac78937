"""Staff answer the customer from their own mailbox (5.3.c, 6.3.f)."""

import html
from datetime import timedelta
from email import message_from_bytes
from email.header import Header

import customers
import factories
import frappe
import pytest
import receiving
import scenario
from frappe.desk.form import assign_to

from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import timeline as course_of_events
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f")]
PASS = "mx.desk.example; dkim=pass header.d=example.com; spf=pass"
WORDS = "Please switch it off and on again.\nThen call us."
QUOTE = '在 2026-03-03 10:12:00，"服务台" <desk@example.com> 写道：\n> It smokes. https://desk.example/app/issue/1'


@pytest.fixture
def w(site):
	frappe.db.delete("Service Notice")
	factories.make_email_account()
	notifications.seed_notifications()
	w = customers.world()
	w.door = receiving.door()
	w.engineer = factories.make_user(roles=["Field Engineer", "Support Team"], first_name="Wei").name
	w.open = scenario.issue(w.agreement, raised_by=w.asker)
	assign_to.add({"doctype": "Issue", "name": w.open.name, "assign_to": [w.engineer]})
	notices.post("Issue", w.open.name, "ops_information")
	notices.deliver()
	w.told = frappe.get_last_doc("Email Queue", {"reference_name": w.open.name})
	return w


def reply(w, text=f"{WORDS}\n\n{QUOTE}", sender=None, threaded=True, **headers):
	if threaded:
		headers["In_Reply_To"] = f"<{w.told.message_id}>"
	subject = headers.pop("Subject", None)
	raw = receiving.message(w.open, sender or w.engineer, text, **headers)
	if subject:
		mail = message_from_bytes(raw)
		mail.replace_header("Subject", Header(subject.format(w.open.name), "utf-8").encode())
		raw = mail.as_bytes()
	return raw


def to_the_customer(w) -> list:
	rows = frappe.get_all(
		"Email Queue", {"reference_name": w.open.name, "communication": ["is", "set"]}, pluck="name"
	)
	found = [frappe.get_doc("Email Queue", name) for name in rows]
	return [
		queue
		for queue in found
		if frappe.db.get_value("Communication", queue.communication, "communication_type") == "Communication"
	]


@pytest.mark.parametrize("headers", [{}, {"Authentication_Results": PASS}], ids=["no verdict", "passed"])
def test_it_goes_to_the_customer_from_the_service_address_in_their_own_words(w, headers):
	message = receiving.receive(w.door, reply(w, **headers))
	assert (message.sent_or_received, message.communication_type) == ("Sent", "Communication")
	assert message.sender == w.door.email_id and message.recipients == w.asker
	(queue,) = to_the_customer(w)
	assert [row.recipient for row in queue.recipients] == [w.asker]
	assert w.door.email_id in queue.sender and w.engineer not in queue.message
	text = customers.mails(w.open.name, w.asker)[-1]
	assert "switch it off and on again" in text and "smokes" not in text and "desk.example" not in text
	assert "Auto-Submitted" not in queue.message  # a person wrote it
	assert frappe.db.get_value("Issue", w.open.name, "first_responded_on")
	assert scenario.clock(w.open, "First Response").state == "Met"
	shown = course_of_events.messages(frappe.get_doc("Issue", w.open.name))
	assert [row.sent_or_received for row in shown if "switch it off" in row.content] == ["Sent"]


def test_it_is_passed_on_once(w):
	raw = reply(w)
	first, second = receiving.receive(w.door, raw), receiving.receive(w.door, raw)
	assert first.name == second.name and len(to_the_customer(w)) == 1


@pytest.mark.parametrize(
	("change", "why"),
	[
		({"Authentication_Results": "mx.desk.example; dkim=fail; spf=fail"}, "does not vouch for its sender"),
		({"threaded": False}, "it answers no mail that we sent"),
		({"Subject": "Fwd: [{0}] fan"}, "forwarded is no answer"),
		({"Subject": "转发：{0} 风扇"}, "forwarded is no answer"),
		({"text": QUOTE}, "says nothing above the mail that it quotes"),
	],
	ids=["not vouched for", "by its number alone", "forwarded", "forwarded, Chinese", "only a quotation"],
)
def test_what_is_not_passed_on_stays_among_us_and_its_writer_is_told_why(w, change, why):
	message = receiving.receive(w.door, reply(w, **change))
	assert message.communication_type == "Automated Message" and to_the_customer(w) == []
	assert scenario.clock(w.open, "First Response").state == "Running"
	bell = frappe.get_last_doc("Notification Log", {"for_user": w.engineer})
	assert w.open.name in bell.subject and why in bell.subject
	assert not course_of_events.messages(frappe.get_doc("Issue", w.open.name))


def test_who_does_not_work_here_any_more_answers_no_customer(w):
	"""Their mailbox may be in other hands: a person looks at what comes from there."""
	frappe.db.set_value("User", w.engineer, "enabled", 0)
	frappe.clear_document_cache("User", w.engineer)
	before = frappe.db.count("Communication", {"reference_name": w.open.name, "sender": w.engineer})
	assert receiving.receive(w.door, reply(w, Authentication_Results=PASS)) is None
	(kept,) = frappe.get_all(set_aside.DOCTYPE, {"sender": w.engineer}, ["reason", "reference_name", "state"])
	assert (kept.reason, kept.reference_name, kept.state) == (set_aside.STRANGER, w.open.name, "Open")
	assert frappe.db.count("Communication", {"reference_name": w.open.name, "sender": w.engineer}) == before
	assert to_the_customer(w) == [] and scenario.clock(w.open, "First Response").state == "Running"


def test_what_is_written_as_html_arrives_as_it_was_written(w):
	raw = reply(w, "x").replace(b"Content-Type: text/plain", b"Content-Type: text/html").replace(
		b"\n\nx", b"\n\n<p>Switch A &amp; B off if t &lt; 5 &#176;C</p>"
	)
	receiving.receive(w.door, raw)
	assert "Switch A &amp; B off if t &lt; 5 °C" in customers.mails(w.open.name, w.asker)[-1]


def test_a_subject_goes_out_as_it_was_written(w):
	issue = scenario.issue(w.agreement, raised_by=w.asker, subject="Fan <A&B> & C")
	stored = frappe.db.get_value("Issue", issue.name, "subject")
	assert "&amp;" in stored  # as Frappe stores what looks like a tag; 16 takes the tag away
	written = " ".join(html.unescape(stored).split())
	assign_to.add({"doctype": "Issue", "name": issue.name, "assign_to": [w.engineer]})
	notices.post("Issue", issue.name, "ops_information")
	notices.deliver()
	w.open, w.told = issue, frappe.get_last_doc("Email Queue", {"reference_name": issue.name})
	receiving.receive(w.door, reply(w))
	subjects = [mail.splitlines()[0] for mail in customers.mails(issue.name, w.asker)]
	assert len(subjects) > 1 and any(subject.startswith("Re:") for subject in subjects)
	for subject in subjects:
		assert written in subject and "&amp;" not in subject, subjects
	assert not any("<A&B>" in mail.partition("\n")[2] for mail in customers.mails(issue.name, w.asker))


def test_an_administrator_may_switch_it_off(w):
	frappe.db.set_single_value("Ops Delivery Settings", "staff_mail_answers", 0)
	frappe.clear_document_cache("Ops Delivery Settings")
	receiving.receive(w.door, reply(w))
	assert to_the_customer(w) == []
	frappe.clear_document_cache("Ops Delivery Settings")


def test_a_colleague_who_is_away_answers_nobody(w):
	receiving.receive(w.door, reply(w, "I am away", Auto_Submitted="auto-replied"))
	assert to_the_customer(w) == []


def test_their_mail_about_nothing_we_have_is_a_new_request(w):
	before = frappe.db.count("Issue")
	receiving.receive(w.door, receiving.message(None, w.engineer, "A customer called"))
	assert frappe.db.count("Issue") == before + 1
