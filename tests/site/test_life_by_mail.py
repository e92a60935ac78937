"""A request's whole life by mail, counted mail by mail: after each step exactly these mails went to exactly these people
(5.3.c, 6.3.f, 6.3.g). Everything comes by IMAP and goes by SMTP."""

import re
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from unittest.mock import patch

import customers
import factories
import frappe
import post_office
import pytest
import scenario
from frappe.desk.form import assign_to

from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import acceptance, acceptance_decision, recurrence, result_messages
from ops_delivery.services.requests import silence as deemed_acceptance
from ops_delivery.setup import notifications

pytestmark = [pytest.mark.clause("5.3.c"), pytest.mark.clause("6.3.f"), pytest.mark.clause("6.3.g")]


@pytest.fixture
def life(post, jobs):
	frappe.db.delete("Service Notice")
	frappe.db.delete("Email Queue")
	notifications.seed_notifications()
	frappe.db.set_value("Survey Rule", "Request closed", "enabled", 1)  # on a new site nobody is asked until somebody wants it
	agreement = scenario.agreement(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	desk = factories.make_user(roles=["Service Desk", "Support Team"], language="en").name
	for user in frappe.get_all("Has Role", {"role": "Service Desk", "parent": ["!=", desk]}, pluck="parent"):
		frappe.db.set_value("User", user, "enabled", 0)  # nobody else is on the desk
	life = Life(post, jobs)
	life.names = {
		customers.portal_user(agreement.customer, language="en"): "customer",
		desk: "desk",
		factories.make_user(roles=["Field Engineer", "Support Team"], language="en").name: "engineer",
	}
	life.customer, life.desk, life.engineer = life.names
	life.box = post.service(plus=True)
	notices.deliver()
	post.send_all()
	return life


class Life:
	"""`last` is the newest mail that somebody got, by who they are; `got` the newest that said something."""

	def __init__(self, post, jobs):
		self.post, self.jobs, self.last, self.got, self.issue = post, jobs, {}, {}, None

	def went(self) -> list[tuple[str, str]]:
		"""Whom mails went to since the last look, and what each says in its subject after the request's number."""
		before = len(self.post.sent)
		with patch.dict(frappe.flags, testing_email=True):  # a job of Frappe's sends, too
			self.jobs.run()
		notices.deliver()
		self.post.send_all()
		found = []
		for envelope in self.post.sent[before:]:
			mail = post_office.parsed(envelope.content)
			if "assigned a new task" in str(mail["Subject"]):
				continue  # Frappe's own to whom something is assigned, and not in a test of 15
			for address in envelope.rcpt_tos:
				who = self.names.get(address, address)
				said = self.bare(str(mail["Subject"]))
				self.last[who] = self.got[who, said] = mail
				found.append((who, said))
		return sorted(found)

	def bare(self, subject: str) -> str:
		if self.issue:
			subject = subject.replace(f"(#{self.issue})", "").replace(self.issue, "")
		return re.split(r":|(?<=\?) ", subject)[0].strip() if not subject.startswith("Re:") else "Re:"

	def writes(self, who: str, address: str, text: str, subject: str | None = None, headers=None, to=None) -> None:
		"""A person writes: a new mail with a subject, or an answer to the newest mail that they got, or that said `to`."""
		answered = None if subject else self.got[who, to] if to else self.last[who]
		mail = EmailMessage()
		mail["From"], mail["To"] = address, self.box.email_id
		mail["Message-ID"] = make_msgid()
		mail["Subject"] = subject or f"Re: {answered['Subject']}"
		for name, value in (headers or {}).items():
			mail[name] = value
		if answered:
			mail["In-Reply-To"] = answered["Message-ID"]
			mail.replace_header("To", parseaddr(str(answered["Reply-To"] or answered["From"]))[1])
			text += f"\n\nOn Mon, 30 Nov 2026 at 10:12, Service Desk <{self.box.email_id}> wrote:\n> It says so"
		mail.set_content(text)
		self.post.put(self.box, mail.as_bytes())
		self.post.receive(self.box)
		assert self.post.unseen(self.box) == []

	def change(self, **values):
		issue = frappe.get_doc("Issue", self.issue)
		issue.update(values)
		issue.save(ignore_permissions=True)

	def stands(self) -> tuple:
		return frappe.db.get_value("Issue", self.issue, ["status", "ops_acceptance_status"])


@pytest.fixture
def begun(life):
	"""The customer's mail is in, judged, answered by the desk and given to the engineer."""
	life.writes("customer", life.customer, "The fan stands still", subject="Fan of room 118")
	(life.issue,) = frappe.get_all("Issue", {"raised_by": life.customer}, pluck="name")
	assert life.went() == [("customer", "received"), ("desk", "new request")]

	life.writes("customer", life.customer, "I am away", headers={"Auto-Submitted": "auto-replied"})
	assert life.went() == []

	life.writes("desk", life.desk, "Is it warm there?")  # staff answer from their own mailbox
	assert life.went() == [("customer", "Re:")]
	text = life.last["customer"].get_body(("plain",)).get_content()
	assert "Is it warm there?" in text and "It says so" not in text

	life.writes("customer", life.customer, "Yes, forty degrees")
	assert life.went() == [("desk", "message from the customer")]

	life.change(ops_validity="Valid", issue_type="Fault", ops_urgency="Urgent", ops_importance="Important")
	assert life.went() == [("customer", "taken on")]

	assign_to.add({"doctype": "Issue", "name": life.issue, "assign_to": [life.engineer]})
	assert life.went() == [("customer", "in good hands")]

	life.writes("customer", life.customer, "When do you come?")
	assert life.went() == [("engineer", "Re:")]
	return life


def test_a_life_that_ends_by_silence_and_begins_again(begun):
	life = begun
	life.change(status="Resolved", resolution_details="<p>Replaced the fan.</p>")
	assert life.went() == [("customer", "resolved")]

	life.writes("customer", life.customer, "Thanks")
	assert life.went() == [("engineer", "reply from the customer")]
	assert life.stands() == ("Resolved", "Requested")

	for message in result_messages.waiting(life.issue):  # also one of the very second in which the result was offered
		result_messages.take(life.issue, message["name"], result_messages.ONLY_A_MESSAGE)
	assert life.went() == []

	now = datetime.now(timezone.utc)
	with scenario.at(now + timedelta(days=4)):
		deemed_acceptance.remind_and_deem()
		assert life.went() == [("customer", "still waits for your answer")]
	with scenario.at(now + timedelta(days=15)):
		deemed_acceptance.remind_and_deem()
		assert life.went() == [], "their mailbox has not been read since the last day"
		life.post.receive(life.box)  # by the job that reads it, which has silence looked at again
		assert life.went() == [
			("customer", "How was our service?"),
			("customer", "counts as accepted"),
			("engineer", "counts as accepted"),
		]
	assert life.stands() == ("Closed", "Deemed Accepted")

	for mail in ("counts as accepted", "How was our service?"):
		life.writes("customer", life.customer, "Thank you, all is well", to=mail)
		assert life.went() == [("engineer", "reply from the customer")]
	assert life.stands() == ("Closed", "Deemed Accepted")

	frappe.set_user(life.customer)
	again = recurrence.by_the_customer(life.issue, "The fan stands still once more.")
	frappe.set_user("Administrator")
	life.issue = again
	assert life.went() == [("customer", "received"), ("desk", "new request")]


def test_a_life_with_a_rejection_and_an_acceptance_by_mail(begun):
	life = begun
	life.change(status="Resolved", resolution_details="<p>Replaced the fan.</p>")
	assert life.went() == [("customer", "resolved")]

	life.writes("customer", life.customer, "It stands still again")
	assert life.went() == [("engineer", "reply from the customer")]
	message = result_messages.waiting(life.issue)[0]
	result_messages.take(life.issue, message["name"], acceptance_decision.REJECTED, comment="It stands still again")
	assert life.went() == [("customer", "reopened"), ("engineer", "rejected by the customer")]
	assert life.stands() == ("Open", "Rejected")

	life.change(status="Resolved", resolution_details="<p>Replaced the motor.</p>")
	assert life.went() == [("customer", "resolved")]
	assert "Replaced the motor." in life.last["customer"].get_body(("html",)).get_content()

	life.writes("customer", life.customer, "Now it turns")
	assert life.went() == [("engineer", "reply from the customer")]
	message = result_messages.waiting(life.issue)[0]
	result_messages.take(life.issue, message["name"], acceptance_decision.ACCEPTED)
	assert life.went() == [
		("customer", "How was our service?"),
		("customer", "closed"),
		("engineer", "accepted by the customer"),
	]
	assert life.stands() == ("Closed", "Accepted")
