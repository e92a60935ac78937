"""How complaints come in: what is typed, by staff, by mail, out of a message."""

import complaining
import factories
import frappe
import pytest
from complaining import fresh
from reviewing import user

from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import steps as complaints


@pytest.fixture(scope="module")
def shared(shared_records):
	with shared_records():
		return complaining.world()


@pytest.fixture
def w(shared, site):
	w = frappe._dict(shared)
	fresh(w)
	return w


def test_the_same_words_twice_are_one_complaint(w):
	one = complaining.complain(w, subject="<b>=1+1</b>", text="Too slow <script>")
	assert complaining.complain(w, subject="<b>=1+1</b>", text="Too slow <script>").name == one.name
	assert complaining.complain(w, subject="Other", text="Too slow").name != one.name


@pytest.mark.parametrize("field", ["subject", "text"])
def test_what_a_customer_types_stays_text(w, field):
	for value in ("<script>alert(1)</script> <b>x</b>", "=cmd|' /C calc'!A0", "+1", "@x"):
		doc = fresh(frappe._dict(complaint=complaining.complain(w, **{field: value + factories.unique(" ")})))
		assert "<script" not in doc.get(field)
	with pytest.raises(frappe.ValidationError, match="longer"):
		complaining.complain(w, text="x" * 1_000_000)
	with pytest.raises(frappe.ValidationError, match="one line"):
		complaining.complain(w, subject="y" * 1000)
	assert len(complaining.complain(w, subject="", text="y" * 1000).subject) == 140


def test_nothing_written_is_no_complaint(w):
	with pytest.raises(frappe.ValidationError, match="what you complain about"):
		complaining.complain(w, subject=" ", text="")


def test_staff_enter_what_they_were_told(w):
	values = complaint_intake.values_from("Issue", w.issue.name)
	assert values["customer"] == w.customer and values["people"] == [{"user": w.engineer, "why": "Assigned"}]
	with user(w.desk):
		doc = frappe.get_doc(
			{
				"doctype": complaints.DOCTYPE,
				"subject": "Called twice",
				"text": "Nobody called back",
				"channel": "Phone",
				"how_received": "Chen Jing called",
				"reference_doctype": "Issue",
				"reference_name": w.issue.name,
				"raised_by_name": "Chen Jing",
			}
		).insert()
	assert doc.entered_by == w.desk and doc.customer == w.customer and doc.people[0].user == w.engineer
	with user(w.desk), pytest.raises(frappe.ValidationError, match="colleague"):
		factories.make(complaints.DOCTYPE, subject="x", channel="Phone", raised_by=w.engineer)
	for channel in ("Portal", "Signed Link"):
		with pytest.raises(frappe.ValidationError, match="themselves"):
			factories.make(complaints.DOCTYPE, subject="x", channel=channel)
	with pytest.raises(frappe.ValidationError, match="future"):
		factories.make(
			complaints.DOCTYPE, subject="x", channel="Phone", received_on=frappe.utils.add_days(None, 2)
		)
	with pytest.raises(frappe.ValidationError, match="another customer"):
		factories.make(
			complaints.DOCTYPE,
			subject="x",
			channel="Phone",
			customer=factories.make_customer().name,
			reference_doctype="Issue",
			reference_name=w.issue.name,
		)
	with pytest.raises(frappe.ValidationError, match="is about one of"):
		factories.make(
			complaints.DOCTYPE,
			subject="x",
			channel="Phone",
			reference_doctype="User",
			reference_name=w.engineer,
		)


MAIL = """From: {sender}
To: complaints@example.com
Subject: Nobody called back
Message-ID: <{id}@example.com>
Date: Fri, 27 Nov 2026 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Nobody called back for two days. <b>Why?</b>
"""


@pytest.mark.clause("5.4.d")
def test_a_mail_to_the_complaints_address_is_a_complaint(w):
	from frappe.email.receive import InboundMail

	account = factories.make(
		"Email Account",
		email_account_name=factories.unique("Complaints"),
		email_id="complaints@example.com",
		enable_incoming=0,
		append_to=complaints.DOCTYPE,
		email_server="imap.example.com",
		awaiting_password=1,
	)
	account.append_to = complaints.DOCTYPE
	content = MAIL.format(sender=f"Chen Jing <{w.asker}>", id=factories.unique("m").replace(" ", ""))
	message = InboundMail(content, account, uid=1, seen_status=0).process()
	assert message.reference_doctype == complaints.DOCTYPE
	doc = frappe.get_doc(complaints.DOCTYPE, message.reference_name)
	assert (doc.channel, doc.subject, doc.raised_by) == ("E-mail", "Nobody called back", w.asker)
	assert doc.customer == w.customer and "two days" in doc.text and not doc.entered_by
	assert not frappe.get_all("Communication Link", {"parent": message.name})


def test_a_message_about_a_request_becomes_a_complaint_and_leaves_the_request(w):
	message = factories.make(
		"Communication",
		communication_type="Communication",
		communication_medium="Email",
		sent_or_received="Received",
		subject="Rude",
		content="<p>He was rude.</p>",
		sender=w.asker,
		reference_doctype="Issue",
		reference_name=w.issue.name,
	)
	with user(w.desk):
		name = complaint_intake.from_communication(message.name)
		assert complaint_intake.from_communication(message.name) == name
	message.reload()
	assert (message.reference_doctype, message.reference_name) == (complaints.DOCTYPE, name)
	doc = frappe.get_doc(complaints.DOCTYPE, name)
	assert doc.reference_name == w.issue.name and doc.people[0].user == w.engineer and "rude" in doc.text
