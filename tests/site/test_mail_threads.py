"""An answer comes to its record, whoever's program wrote it; whoever has no part in it writes nothing into it (5.3.c)."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import customers
import factories
import frappe
import pytest
import scenario
import surveying

from ops_delivery.services.mailbox import reply_addresses, set_aside
from ops_delivery.services.mailbox import settling as mail_settling
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import silence
from ops_delivery.services.shared.site_time import site_now, to_utc


@pytest.fixture
def w(post):
	w = customers.world()
	w.box = post.service(plus=True)
	w.issue = scenario.issue(w.agreement, raised_by=w.asker)
	customers.tell_all()
	frappe.db.commit()
	return w


def mail(sender: str, *head: str, subject: str = "Re: your mail", body: str = "still broken") -> bytes:
	lines = [f"From: {sender}", f"Subject: {subject}", f"Message-ID: <{factories.unique_email('m')}>", *head]
	return ("\n".join(lines) + f"\n\n{body}\n").encode()


def ours(w) -> str:
	"""The id of a mail that we sent about the request."""
	return frappe.get_all(
		"Service Mail", {"reference_name": w.issue.name, "direction": "Sent"}, pluck="message_id", order_by="creation"
	)[0]


def came(post, w, raw: bytes):
	post.put(w.box, raw)
	found = post.receive(w.box)
	return frappe.get_doc("Communication", found[0]) if found else None


WAYS = {
	"in reply to": lambda w: (["In-Reply-To: <{id}>"], "Re: your mail"),
	"references only": lambda w: (["References: <unknown@x>\n <{id}>"], "回复: 您的邮件"),  # Foxmail
	"number": lambda w: ([], f"回复：{w.issue.name} 打印机"),
	"number in brackets": lambda w: ([], f"Re: printer (#{w.issue.name})"),
	"number, encoded": lambda w: ([], "Re: =?gb2312?B?tPLTobv6?= " + w.issue.name),
	"reply address": lambda w: (["To: {to}"], "Re: your mail"),
	"subject as it was": lambda w: ([], f"Re: {w.issue.subject}"),
}


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("way", WAYS)
def test_an_answer_comes_to_its_request(post, w, way):
	frappe.db.delete("Email Queue")  # as Frappe does after thirty days
	head, subject = WAYS[way](w)
	to = reply_addresses.reply_address(("Issue", w.issue.name), w.box.name).signed
	raw = mail(w.asker, *(line.format(id=ours(w), to=to) for line in head), subject=subject)
	assert came(post, w, raw).reference_name == w.issue.name


@pytest.mark.clause("6.3.j")
@pytest.mark.parametrize("way", ["in reply to", "references only", "reply address"])
def test_a_stranger_who_answers_is_kept_apart_and_the_desk_decides(post, w, way, make_user, as_user):
	head, subject = WAYS[way](w)
	to = reply_addresses.reply_address(("Issue", w.issue.name), w.box.name).signed
	raw = mail("who@else.example", *(line.format(id=ours(w), to=to) for line in head), subject=subject, body="me too")
	assert came(post, w, raw) is None
	(name,) = frappe.get_all(set_aside.DOCTYPE, pluck="name")
	kept = frappe.get_doc(set_aside.DOCTYPE, name)
	assert (kept.reason, kept.reference_name) == (set_aside.STRANGER, w.issue.name)
	assert not frappe.db.exists("Communication", {"sender": "who@else.example"})
	with as_user(make_user(roles=["Service Desk"]).name):
		assert mail_settling.add_to_record(name) == w.issue.name
	message = frappe.get_doc("Communication", {"sender": "who@else.example"})
	assert message.reference_name == w.issue.name and "me too" in message.content
	# from now on they have a part in it
	assert came(post, w, mail("who@else.example", f"In-Reply-To: <{ours(w)}>")).reference_name == w.issue.name


@pytest.mark.clause("6.3.g")
@pytest.mark.parametrize("outcome", ["nothing", "added"])
def test_nobody_is_taken_for_silent_while_a_mail_about_the_result_waits_for_a_person(post, outcome, make_user, as_user):
	"""Who writes from an address that nobody knows may be the customer, and what they write the objection."""
	w = customers.world(allow_deemed_acceptance=1, deemed_after_days=5, deemed_notices=2)
	w.box = post.service(plus=True)
	customers.tell_all()
	frappe.db.commit()
	assert came(post, w, mail("wang.private@else.example", f"In-Reply-To: <{ours(w)}>")) is None
	waits = customers.open_one(w.issue)

	def after(days: int) -> int:
		with scenario.at(scenario.MONDAY + timedelta(days=days, hours=10)):
			incoming.note_read(w.box.name, site_now())
			counts = silence.remind_and_deem()
			customers.tell_all()
		return counts["deemed"]

	assert [after(days) for days in (3, 8, 9, 20)] == [0, 0, 0, 0]
	assert frappe.db.get_value("Service Acceptance", waits, "state") == "Requested"
	(name,) = frappe.get_all(set_aside.DOCTYPE, pluck="name")
	with as_user(make_user(roles=["Service Desk"]).name):
		if outcome == "nothing":
			mail_settling.leave(name, "advertising")
		else:
			mail_settling.add_to_record(name)
	assert after(22) == (1 if outcome == "nothing" else 0)


def test_the_desk_may_make_a_request_of_a_strangers_mail(post, w, make_user, as_user):
	assert came(post, w, mail("who@else.example", f"In-Reply-To: <{ours(w)}>")) is None
	(name,) = frappe.get_all(set_aside.DOCTYPE, pluck="name")
	with as_user(make_user(roles=["Service Desk"]).name):
		issue = frappe.get_doc("Issue", mail_settling.make_request(name))
	assert issue.name != w.issue.name and issue.raised_by == "who@else.example" and "still broken" in issue.description


@pytest.mark.clause("6.3.j")
def test_a_number_alone_opens_nothing_to_a_stranger(post, w):
	message = came(post, w, mail("who@else.example", subject=f"Re: {w.issue.name}"))
	assert message.reference_name != w.issue.name and message.reference_doctype == "Issue"


@pytest.mark.clause("6.3.j")
def test_whoever_takes_the_id_of_anothers_mail_gets_none_of_its_answers(post, w):
	theirs = f"<{factories.unique_email('m')}>"
	own = came(post, w, mail(w.asker, subject=factories.unique("Mine")).replace(b"Message-ID: ", f"Message-ID: {theirs}\nX-Old: ".encode()))
	for taken in (theirs, f"<{ours(w)}>"):
		raw = mail(w.stranger, subject=factories.unique("Yours")).replace(b"Message-ID: ", f"Message-ID: {taken}\nX-Old: ".encode())
		assert came(post, w, raw).reference_name not in (own.reference_name, w.issue.name)
	assert came(post, w, mail(w.asker, f"In-Reply-To: {theirs}")).reference_name == own.reference_name
	assert came(post, w, mail(w.asker, f"In-Reply-To: <{ours(w)}>")).reference_name == w.issue.name
	assert came(post, w, mail("who@else.example", f"In-Reply-To: <{ours(w)}>")) is None
	assert frappe.get_last_doc(set_aside.DOCTYPE).reference_name == w.issue.name


def test_a_token_for_another_request_is_none(post, w):
	address = reply_addresses.reply_address(("Issue", w.issue.name), w.box.name).signed
	other = scenario.issue(w.agreement, raised_by=w.asker)
	forged = address.replace(w.issue.name.lower(), other.name.lower())
	message = came(post, w, mail(w.asker, f"To: {forged}", subject="something else"))
	assert message.reference_name not in (w.issue.name, other.name)


def test_a_colleague_and_our_staff_have_a_part(post, w, make_user):
	assert came(post, w, mail(w.colleague, f"In-Reply-To: <{ours(w)}>")).reference_name == w.issue.name
	engineer = make_user(roles=["Field Engineer"])
	raw = mail(engineer.email, f"In-Reply-To: <{ours(w)}>")
	came(post, w, raw)
	number = re.search(rb"Message-ID: <(.*)>", raw)[1].decode()
	assert frappe.db.get_value("Communication", {"message_id": number}, "reference_name") == w.issue.name
	assert set_aside.waiting() == 0


def test_a_new_mail_with_a_subject_like_an_older_one_is_a_new_request(post, w):
	frappe.db.set_value("Issue", w.issue.name, "subject", "Printer on floor 3 broken")
	message = came(post, w, mail(w.asker, subject="Printer"))
	assert message.reference_doctype == "Issue" and message.reference_name != w.issue.name


def test_an_answer_to_what_they_wrote_themselves(post, w):
	first = came(post, w, mail(w.asker, subject="Another matter"))
	again = came(post, w, mail(w.asker, f"In-Reply-To: <{first.message_id}>", subject="and another thing"))
	assert again.reference_name == first.reference_name and again.in_reply_to == first.name


# What goes out


@pytest.mark.clause("6.3.f")
def test_what_we_send_says_what_it_belongs_to(post, w):
	first = came(post, w, mail(w.asker, subject="The scanner hums"))
	customers.notices.deliver()
	sent = [one for one in post.send_all() if first.reference_name in one["Subject"]]
	assert sent
	for one in sent:
		assert one["In-Reply-To"].strip("<>") in {first.message_id, *(other["Message-ID"].strip("<>") for other in sent)}
		assert first.message_id in one["References"]
		local, domain = w.box.email_id.split("@")
		assert re.search(rf"{local}\+i-{first.reference_name.lower()}-[a-z2-7]{{16}}@{domain}", one["Reply-To"])
		assert frappe.db.exists("Service Mail", {"message_id": one["Message-ID"].strip("<>")})


def test_a_person_who_writes_from_the_desk_is_answered_to_the_request(post, w, as_user):
	from frappe.core.doctype.communication.email import make

	make("Issue", w.issue.name, subject="Which floor?", content="Tell us", recipients=w.asker, send_email=1)
	(one,) = [one for one in post.send_all() if "Which floor?" in one["Subject"]]
	assert one["Subject"] == f"Which floor? (#{w.issue.name})"
	answer = mail(w.asker, f"To: {one['Reply-To']}", f"In-Reply-To: {one['Message-ID']}", subject="Re: Which floor?")
	assert came(post, w, answer).reference_name == w.issue.name


def test_where_no_mailbox_takes_plus_addresses_there_is_no_token(post):
	w = customers.world()
	box = post.service()
	assert reply_addresses.reply_address(("Issue", w.issue.name), box.name) is None


def test_mails_about_what_is_not_ours_stay_as_they_are(post, w):
	customer = factories.make_customer()
	frappe.sendmail(
		recipients=["a@example.org"], subject="A quotation", message="x",
		reference_doctype="Customer", reference_name=customer.name,
	)  # fmt: skip
	(one,) = [one for one in post.send_all() if "A quotation" in one["Subject"]]
	assert one["Subject"] == "A quotation" and not one["References"] and "+" not in (one["Reply-To"] or "")


# From when it counts


@pytest.mark.clause("5.3.d")
@pytest.mark.parametrize(
	("internal", "dated", "counts"),
	[(-2, -3, -2), (-2, None, -2), (3, -1, 0), (-1, -50, -50), (-1, 30, -1)],
	ids=["as received", "no date", "clock ahead", "mailbox moved", "date to come"],
)
def test_the_clock_runs_from_when_our_server_received_it(post, w, internal, dated, counts):
	now = datetime.now(timezone.utc)
	head = [f"Date: {format_datetime(now + timedelta(hours=dated))}"] if dated is not None else []
	post.put(w.box, mail(w.asker, *head, subject=factories.unique("Late")), at=now + timedelta(hours=internal))
	(name,) = post.receive(w.box)
	issue = frappe.get_doc("Issue", frappe.db.get_value("Communication", name, "reference_name"))
	expected = now + timedelta(hours=counts)
	assert abs((to_utc(issue.ops_received_on) - expected).total_seconds()) < 60
	assert abs((to_utc(scenario.clock(issue, "First Response").started_on) - expected).total_seconds()) < 60
	assert issue.opening_date == frappe.utils.getdate(issue.ops_received_on)
	if dated is not None:
		assert abs((to_utc(issue.ops_mail_dated_on) - now - timedelta(hours=dated)).total_seconds()) < 60


@pytest.mark.clause("5.3.d")
def test_a_request_whose_customer_is_found_later_counts_from_then_as_well(post, w):
	at = datetime.now(timezone.utc) - timedelta(hours=3)
	post.put(w.box, mail("new@nobody.example", subject=factories.unique("Who")), at=at)
	(name,) = post.receive(w.box)
	issue = frappe.get_doc("Issue", frappe.db.get_value("Communication", name, "reference_name"))
	issue.customer = w.customer
	issue.save()
	assert abs((to_utc(scenario.clock(issue, "First Response").started_on) - at).total_seconds()) < 60


def test_nobody_types_when_it_was_received(w):
	issue = frappe.get_doc("Issue", w.issue.name)
	issue.ops_received_on = "2020-01-01 00:00:00"
	issue.save()
	assert not frappe.db.get_value("Issue", issue.name, "ops_received_on")


def test_a_stranger_who_answers_to_the_complaints_address_complains(post, w):
	w.box = post.service("Service Complaint", default_outgoing=0)
	message = came(post, w, mail("who@else.example", f"In-Reply-To: <{ours(w)}>", subject="A complaint"))
	complaint = frappe.get_doc("Service Complaint", message.reference_name)
	assert message.reference_doctype == "Service Complaint" and not complaint.reference_name
	assert set_aside.waiting() == 0


def test_an_answer_to_an_anonymous_surveys_mail_is_a_mail_of_its_own(post, w):
	surveying.only_own_rules()
	(survey,) = surveying.asked([w.asker], w.customer, surveying.template(anonymous=1))
	notices.deliver()
	sent = frappe.get_all("Service Mail", {"reference_name": survey.name, "direction": "Sent"}, pluck="message_id")
	message = came(post, w, mail(w.asker, f"In-Reply-To: <{sent[0]}>", subject="Re: How was it?"))
	assert message.reference_doctype == "Issue" and message.reference_name != survey.reference_name
	assert not frappe.db.exists("Communication", {"reference_name": survey.name, "sent_or_received": "Received"})
