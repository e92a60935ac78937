"""A mail of ours that came back is no notice, and who relies on it is told (5.3.c, 6.3.f, 6.3.g)."""

from datetime import timedelta

import customers
import factories
import frappe
import pytest
import receiving
import scenario

from ops_delivery.permissions import steps
from ops_delivery.services.engine import health
from ops_delivery.services.escalation import delivery as telling
from ops_delivery.services.outbox import mail_states as notice_mails
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f")]
LATER = scenario.MONDAY + timedelta(hours=4)
REASON = "550 5.1.1 no such user"


@pytest.fixture
def w(site):
	frappe.db.delete("Service Notice")
	factories.make_email_account()
	notifications.seed_notifications()
	w = customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	w.door = receiving.door()
	w.desk = factories.make_user(roles=["Service Desk"]).name
	with scenario.at(LATER):
		customers.tell_all()
		frappe.db.set_value("Service Notice", {"state": "Queued"}, "run_at", "2026-01-01")
		notice_mails.follow()
	return w


def dsn(queue, address: str, action: str = "failed") -> bytes:
	return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example
To: desk@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <{factories.unique("dsn").replace(" ", ".")}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Diagnostic-Code: smtp; {REASON}

--b
Content-Type: text/rfc822-headers

Message-ID: <{queue.message_id}>
Subject: result

--b--
""".encode()


def offer(w):
	"""The mail that offered the result, and its notice."""
	notice = frappe.get_doc("Service Notice", {"reference_name": w.issue.name, "key_point": "ops_resolved"})
	return frappe.get_doc("Email Queue", notice_mails.pairs(notice.left_mails or notice.mails)[0][0]), notice


def test_it_is_shown_on_its_notice_and_told_to_the_desk(w):
	queue, notice = offer(w)
	assert notice.state == "Sent" and w.asker in notice.told
	message = receiving.receive(w.door, dsn(queue, w.asker))
	assert (message.reference_name, message.communication_type) == (w.issue.name, "Automated Message")
	notice.reload()
	assert (notice.state, notice.not_told) == ("Not Delivered", f"{w.asker}: {REASON}")
	assert w.asker not in (notice.told or "")
	row = frappe.db.get_value("Service Acceptance Notice", {"email_queue": queue.name}, "delivery")
	assert row == "Failed"
	notices.deliver()
	told = frappe.get_doc(
		"Service Notice", {"reference_name": w.issue.name, "key_point": "ops_not_delivered"}
	)
	assert w.desk in told.told.splitlines() and w.asker not in told.told
	(text,) = [mail for mail in customers.mails(w.issue.name, w.desk) if "a mail came back" in mail]
	assert w.asker in text and REASON in text
	assert frappe.db.get_value("Issue", w.issue.name, "status") == "Resolved"


def test_the_health_says_who_was_not_reached_until_it_is_old(w):
	said = "did not reach everybody"
	assert not any(said in line for line in health.status()["messages"])
	queue, notice = offer(w)
	receiving.receive(w.door, dsn(queue, w.asker))
	assert any(line.startswith("1 notices") and said in line for line in health.status()["messages"])
	frappe.db.set_value("Service Notice", notice.name, "modified", "2026-01-01", update_modified=False)
	assert not any(said in line for line in health.status()["messages"])


@pytest.mark.clause("6.3.e")
@pytest.mark.parametrize("records", [1, 2], ids=["one", "a digest"])
def test_an_escalation_that_came_back_is_said_and_told(w, records):
	person = factories.make_user(roles=["Service Delivery Manager"]).name
	issues = [scenario.issue(w.agreement, raised_by=w.asker).name for _n in range(records)]
	logs = [
		steps.take(frappe.get_doc({
			"doctype": "Escalation Log", "reference_doctype": "Issue", "reference_name": name, "kind": "Alarm",
			"commitment": "Resolution", "step": "Alarm", "fired_on": site_now(), "due_on": site_now(),
			"recipients": [{"user": person, "email": person, "channel": "E-mail", "state": "Held", "told_as": "x"}],
		})).insert(ignore_permissions=True, ignore_links=True)
		for name in issues
	]  # fmt: skip
	outcome = telling._send(logs, person, person)
	rows = {"parent": ["in", [log.name for log in logs]]}
	frappe.db.set_value("Escalation Log Recipient", rows, {"mail": outcome.mail, "state": "Sent"})
	receiving.receive(w.door, dsn(frappe.get_doc("Email Queue", outcome.mail), person))
	found = frappe.get_all("Escalation Log Recipient", rows, ["state", "note"])
	assert len(found) == records and {(row.state, row.note) for row in found} == {("Failed", REASON)}
	notices.deliver()
	for name in issues:
		told = {"reference_name": name, "key_point": "ops_not_delivered"}
		assert w.desk in frappe.db.get_value("Service Notice", told, "told")
	assert any("e-mails to 1 people about escalations" in line for line in health.status()["messages"])


@pytest.mark.clause("6.3.g")
def test_silence_does_not_count_after_a_mail_that_came_back(w):
	queue, _notice = offer(w)
	receiving.receive(w.door, dsn(queue, w.asker))
	with scenario.at(scenario.MONDAY + timedelta(days=2, hours=10)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		customers.tell_all()
	with scenario.at(scenario.MONDAY + timedelta(days=7, hours=10)):
		assert deemed_acceptance.remind_and_deem()["deemed"] == 0  # one of the two agreed notices has arrived


def test_a_mail_that_is_only_late_came_not_back(w):
	queue, notice = offer(w)
	receiving.receive(w.door, dsn(queue, w.asker, "delayed"))
	assert frappe.db.get_value("Service Notice", notice.name, "state") == "Sent"


def test_what_came_back_is_told_again_to_whom_it_did_not_reach(w):
	queue, notice = offer(w)
	receiving.receive(w.door, dsn(queue, w.asker))
	right = factories.make_contact(w.customer, email=factories.unique_email("right")).email_ids[0].email_id
	frappe.db.set_value("Issue", w.issue.name, "ops_customer_email", right)
	notices.retry(notice.name)
	notices.deliver()
	notice.reload()
	assert notice.state == "Queued" and notice.told.splitlines() == [right] and not notice.not_told
	assert len(customers.mails(w.issue.name, right)) == 1


def test_a_notice_about_a_mail_that_came_back_is_followed_by_none(w):
	queue, _notice = offer(w)
	receiving.receive(w.door, dsn(queue, w.asker))
	notices.deliver()
	told = frappe.get_doc(
		"Service Notice", {"reference_name": w.issue.name, "key_point": "ops_not_delivered"}
	)
	own = frappe.get_doc("Email Queue", notice_mails.pairs(told.mails)[0][0])
	receiving.receive(w.door, dsn(own, w.desk))
	assert (
		frappe.db.count("Service Notice", {"reference_name": w.issue.name, "key_point": "ops_not_delivered"})
		== 1
	)
	assert frappe.db.get_value("Service Notice", told.name, "state") == "Not Delivered"


@pytest.mark.parametrize("append_to", ["Issue", "Service Complaint"])
def test_a_report_about_nothing_we_know_makes_nothing(w, append_to):
	w.door.db_set("append_to", append_to)
	door = frappe.get_doc("Email Account", w.door.name)
	before = frappe.db.count(append_to), frappe.db.count("Service Notice"), frappe.db.count("Email Queue")
	message = receiving.receive(door, dsn(frappe._dict(message_id="unknown@x"), w.asker))
	assert not message.reference_name
	assert (
		frappe.db.count(append_to),
		frappe.db.count("Service Notice"),
		frappe.db.count("Email Queue"),
	) == before


# Who takes no mail


def unsubscribe(address, **values):
	factories.make("Email Unsubscribe", email=address, **values)


def test_who_takes_no_mail_is_said_not_to_be_told(w, as_user):
	unsubscribe(w.asker, reference_doctype="Issue", reference_name=w.issue.name)
	with scenario.at(scenario.MONDAY + timedelta(days=2, hours=10)):
		assert deemed_acceptance.remind_and_deem()["reminded"] == 1
		customers.tell_all()
	notice = frappe.get_doc("Service Notice", {"reference_name": w.issue.name, "key_point": "ops_reminded"})
	assert notice.state == "Not Delivered" and w.asker not in (notice.told or "")
	assert notice.not_told == f"{w.asker}: takes no e-mail from this site: see Email Unsubscribe"
	assert (
		frappe.db.count(
			"Service Acceptance Notice", {"parent": customers.open_one(w.issue), "kind": "Reminder"}
		)
		== 0
	)


def test_what_staff_write_to_a_customer_of_ours_has_no_way_to_leave(w):
	from frappe.core.doctype.communication.email import make

	frappe.db.set_value("Email Account", {"enable_outgoing": 1}, "send_unsubscribe_message", 1)
	frappe.clear_cache(doctype="Email Account")
	make("Issue", w.issue.name, subject="By hand", content="Hello", recipients=w.asker, send_email=1)
	ours = frappe.get_last_doc("Email Queue", {"reference_name": w.issue.name}).message
	assert "By hand" in ours and "email-unsubscribe" not in ours and "Leave this conversation" not in ours
	todo = factories.make("ToDo", description="Theirs")
	make("ToDo", todo.name, subject="Theirs", content="Hello", recipients=w.asker, send_email=1)
	theirs = frappe.get_last_doc("Email Queue", {"reference_name": todo.name}).message
	assert "Leave this conversation" in theirs  # Frappe's other mails keep it
