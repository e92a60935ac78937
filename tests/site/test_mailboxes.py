"""Service mailboxes are read one mail at a time: nothing is lost, nothing doubled, no mail stands in another's way (5.3.c)."""

import base64
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import customers
import factories
import frappe
import isolation
import pytest
import receiving

from ops_delivery.services.engine import health
from ops_delivery.services.mailbox import mailboxes, set_aside
from ops_delivery.services.mailbox import settling as mail_settling
from ops_delivery.services.mailbox import storing as mail_storing
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.setup import notifications

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def box(post):
	return post.service()


def mail(head: str, body: str = "The printer is jammed", sender: str = "chen@hospital.example") -> bytes:
	lines = [f"From: {sender}"] if sender else []
	lines += [f"Subject: {factories.unique('Printer')}", f"Message-ID: <{factories.unique_email('id')}>", head]
	return ("\n".join(filter(None, lines)) + f"\n\n{body}\n").encode()


def part(head: str, body: str) -> str:
	return f"--BB\n{head}\n\n{body}\n"


def mixed(*parts: str) -> str:
	return "\n" + "".join(parts) + "--BB--"


MIXED = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="BB"'
TEXT = part("Content-Type: text/plain; charset=utf-8", "See the file")
LONG = "%E5%85%B3%E4%BA%8E" * 60  # a name of 360 bytes, as its header says it
READABLE = {
	"bad base64 of a file": (MIXED, mixed(TEXT, part('Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64', "JVBE*Ri0xLjQ=x"))),
	"unknown charset": ("Content-Type: text/plain; charset=x-nobody-knows", "See the file"),
	"unknown encoding": ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: x-none", "See the file"),
	"long name": (MIXED, mixed(TEXT, part(f"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=UTF-8''{LONG}.png", PNG))),
	"no picture": (MIXED, mixed(TEXT, part('Content-Type: image/jpeg; name="photo.jpg"\nContent-Transfer-Encoding: base64', "bm8gcGljdHVyZSBhdCBhbGw="))),
	"no end": (MIXED, "\n" + TEXT),
	"bad date": ("Date: the day after", "See the file"),
	"no type": ("Content-Type: nonsense", "See the file"),
	"zero bytes": ("Content-Type: text/plain", "See the \x00file"),
}  # fmt: skip
NOT_READABLE = {
	"no sender": mail("", sender=""),
	"a sender without an address": mail("", sender="Tom Reid"),
	"damaged text": mail("Content-Transfer-Encoding: base64", "VGhlI"),
}


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("kind", READABLE)
def test_a_mail_that_is_oddly_made_becomes_a_request(post, box, kind):
	post.put(box, mail(*READABLE[kind]))
	(name,) = post.receive(box)
	message = frappe.get_doc("Communication", name)
	assert message.reference_doctype == "Issue" and "See the" in message.content
	assert post.unseen(box) == [] and set_aside.waiting() == 0
	files = frappe.get_all("File", {"attached_to_name": name}, ["file_name", "is_private"])
	assert all(file.is_private for file in files)
	assert bool(files) == (kind in ("bad base64 of a file", "long name", "no picture"))


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("kind", NOT_READABLE)
def test_what_cannot_be_read_is_kept_for_a_person(post, box, kind):
	raw = NOT_READABLE[kind]
	post.put(box, raw)
	assert post.receive(box) == []
	(name,) = frappe.get_all(set_aside.DOCTYPE, {"email_account": box.name}, pluck="name")
	kept = frappe.get_doc(set_aside.DOCTYPE, name)
	assert kept.reason == (set_aside.UNREADABLE if kind == "damaged text" else set_aside.NO_SENDER)
	file = frappe.get_doc("File", {"attached_to_name": name})
	assert file.is_private and file.file_name.endswith(".eml")
	assert mail_settling.raw_of(kept).replace(b"\r\n", b"\n").strip() == raw.strip()
	assert post.unseen(box) == []
	assert any("1 mails need a person" in line for line in health.status()["messages"])


def test_a_broken_mail_stands_in_nobodys_way(post, box):
	raws = [mail("", f"mail {number}") for number in range(4)]
	for raw in (raws[0], NOT_READABLE["no sender"], raws[1], mail(*READABLE["no picture"]), raws[2], raws[3]):
		post.put(box, raw)
	assert len(post.receive(box)) == 5
	assert post.unseen(box) == [] and set_aside.waiting() == 1


@pytest.mark.clause("5.3.c")
def test_whatever_fails_while_a_mail_is_stored_it_is_kept(post, box):
	post.put(box, mail("", "one that fails"))
	post.put(box, mail("", "one that does not"))
	with patch.object(mail_storing.ServiceMail, "process", failing(mail_storing.ServiceMail.process)):
		assert len(post.receive(box)) == 1
	(kept,) = frappe.get_all(set_aside.DOCTYPE, {}, ["details", "reason", "excerpt"])
	assert kept.reason == set_aside.UNREADABLE and "something unheard of" in kept.details
	assert kept.excerpt == "one that fails"
	assert not frappe.db.exists("Issue", {"description": ["like", "%one that fails%"]})
	assert post.unseen(box) == []


@pytest.mark.clause("5.3.c")
@pytest.mark.parametrize("script", ["frappe.throw('<b>Say</b> which plant it is')", "x = 1 / 0"])
def test_what_a_script_of_the_house_stops_is_not_called_unreadable(post, box, script):
	values = {"script_type": "DocType Event", "reference_doctype": "Issue", "doctype_event": "Before Insert"}
	with patch("frappe.utils.safe_exec.is_safe_exec_enabled", return_value=True):
		factories.make("Server Script", name=factories.unique("Script"), script=script, **values)
		post.put(box, mail("", "one that fails"))
		assert post.receive(box) == []
	(kept,) = frappe.get_all(set_aside.DOCTYPE, {"email_account": box.name}, ["details", "reason", "excerpt"])
	assert kept.reason == set_aside.NOT_SAVED and kept.excerpt == "one that fails"
	assert kept.details in ("ValidationError: Say which plant it is", "ZeroDivisionError: division by zero")


def failing(process):
	def either(self):
		done = process(self)
		if "one that fails" in self.content:
			raise ValueError("something unheard of")
		return done

	return either


def test_what_could_not_even_be_kept_stays_unread_and_comes_again(post, box):
	uid = post.put(box, NOT_READABLE["no sender"])
	post.put(box, mail("", "another"))
	with patch.object(set_aside, "keep", side_effect=OSError("the disk is full")):
		assert len(post.receive(box)) == 1
	assert post.unseen(box) == [uid] and set_aside.waiting() == 0
	post.receive(box)
	assert post.unseen(box) == [] and set_aside.waiting() == 1


@pytest.mark.clause("5.3.c")
def test_a_crash_before_the_mark_stores_nothing_twice(post, box):
	uid = post.put(box, mail(""))
	(name,) = post.receive(box)
	with post.mailbox(box) as connection:  # as if the process had ended between the commit and the mark
		connection.uid("STORE", uid, "-FLAGS", "(\\Seen)")
	assert post.unseen(box) == [uid]
	assert post.receive(box) == [] and post.unseen(box) == []
	assert frappe.db.count("Communication", {"email_account": box.name}) == 1
	assert frappe.db.exists("Communication", name)


def test_the_same_mail_from_a_mailbox_that_was_moved_is_the_same(post, box):
	raw = b"Received: from a by b\n" + mail("")
	post.put(box, raw)
	post.receive(box)
	post.put(box, raw.replace(b"from a by b", b"from c by d"))
	assert post.receive(box) == [] and post.unseen(box) == []


def test_two_mails_of_one_id_are_two_mails(post, box):
	one = mail("", "first")
	post.put(box, one)
	post.put(box, one.replace(b"first", b"second"))
	assert len(post.receive(box)) == 2


def test_a_mail_that_ends_the_process_is_not_tried_for_ever(post, box):
	raw = mail("")
	post.put(box, raw)
	with patch.object(mail_storing, "_filed", side_effect=SystemExit):
		for _ in range(mail_storing.TRIES):
			with pytest.raises(SystemExit):
				post.receive(box)
	assert len(post.unseen(box)) == 1
	post.receive(box)
	assert set_aside.waiting() == 1 and post.unseen(box) == []


def test_a_busy_database_is_waited_for(post, box):
	post.put(box, mail(""))
	with patch.object(mail_storing, "_filed", side_effect=frappe.QueryDeadlockError):
		assert post.receive(box) == []
	assert len(post.unseen(box)) == 1 and set_aside.waiting() == 0
	assert len(post.receive(box)) == 1


def test_other_mailboxes_stay_frappes(post):
	account = post.account()
	post.put(account, mail("", "theirs"))
	(name,) = post.receive(account)
	assert not frappe.db.exists("Service Mail", {"communication": name, "direction": "Received"})


def test_a_mailbox_that_is_read_whole_goes_on_after_the_last(post):
	box = post.service(email_sync_option="ALL", initial_sync_count="100")
	for number in range(3):
		post.put(box, mail("", f"mail {number}"))
	assert len(post.receive(box)) == 3 and len(post.unseen(box)) == 3
	post.put(box, mail("", "the fourth"))
	assert len(post.receive(box)) == 1 and post.receive(box) == []


@pytest.mark.clause("5.3.c")
def test_too_large_a_mail_is_refused_with_the_way_to_send_it(post, box):
	with patch.object(mail_storing, "most_bytes", lambda: 200_000):
		uid = post.put(box, mail("", "x" * 100 + "\n" * 200_000))
		assert post.receive(box) == [] and post.receive(box) == []
	assert post.unseen(box) == [uid]  # its files are stored nowhere else
	(answer,) = post.send_all()
	assert answer["To"] == "chen@hospital.example" and "too large" in answer["Subject"]
	assert "did not reach us" in answer.get_body(("plain",)).get_content()
	(kept,) = frappe.get_all(set_aside.DOCTYPE, {}, ["reason", "sender"])
	assert (kept.reason, kept.sender) == (set_aside.TOO_LARGE, "chen@hospital.example")


@pytest.mark.clause("5.3.c")
def test_a_file_of_27_megabytes_is_refused_with_the_way_to_send_it(post, box):
	content = base64.encodebytes(b"\0" * (27 * 1024 * 1024)).decode()
	text = mixed(TEXT, part('Content-Type: video/mp4; name="fan.mp4"\nContent-Transfer-Encoding: base64', content))
	uid = post.put(box, mail(MIXED, text))
	assert post.receive(box) == [] and post.unseen(box) == [uid]
	(answer,) = post.send_all()
	plain = answer.get_body(("plain",)).get_content()
	assert answer["To"] == "chen@hospital.example" and answer["Auto-Submitted"] == "auto-generated"
	assert "we take mails of up to" in plain and "in several mails" in plain
	assert frappe.get_all(set_aside.DOCTYPE, pluck="reason") == [set_aside.TOO_LARGE]


@pytest.mark.clause("5.3.c", "6.3.f")
def test_a_request_of_whom_no_agreement_covers_is_told_to_the_desk(post, make_user):
	isolation.switch({**isolation.ALL_ON, "issue_rule": "By Customer"})
	notifications.seed_notifications()
	w = customers.world()
	person = desk(make_user)
	box = post.service()
	post.send_all()
	for sender, told in (("who@nobody.example", True), (w.asker, False)):
		post.put(box, mail("", sender=sender))
		(name,) = post.receive(box)
		notices.deliver()
		found = frappe.db.get_value("Service Notice", {"reference_name": name, "key_point": "ops_mail_unknown"}, "told")
		assert (person in (found or "")) is told
		written = {address for queue in post.sent for address in queue.rcpt_tos} if post.send_all() else set()
		assert person in written and ("who@nobody.example" in written) is False


def test_a_mailbox_that_is_not_read_is_no_secret(post, box):
	unread = "was last read at"
	post.receive(box)
	assert not any(unread in line for line in health.status()["messages"])
	frappe.db.set_value("Service Mailbox", {"email_account": box.name}, "last_read_on", "2026-01-01 00:00:00")
	assert any(unread in line and box.name in line for line in health.status()["messages"])


def test_a_mailbox_by_pop3_is_refused_with_the_way_out(post):
	account = post.account(use_imap=0)
	settings = frappe.get_doc("Ops Delivery Settings")
	settings.append("service_mailboxes", {"email_account": account.name})
	with pytest.raises(mailboxes.NotForService, match="not read by IMAP"):
		settings.save()


# What a person does with what was kept


def desk(make_user):
	return make_user(roles=["Service Desk"]).name


@pytest.mark.clause("5.3.c")
def test_one_click_makes_a_request_of_it(post, box, make_user, as_user):
	at = datetime.now(timezone.utc) - timedelta(hours=5)
	post.put(box, NOT_READABLE["no sender"], at=at)
	post.receive(box)
	(name,) = frappe.get_all(set_aside.DOCTYPE, pluck="name")
	user = desk(make_user)
	with as_user(user):
		issue = frappe.get_doc("Issue", mail_settling.make_request(name))
	kept = frappe.get_doc(set_aside.DOCTYPE, name)
	assert (kept.state, kept.outcome_name, kept.handled_by) == (set_aside.MADE, issue.name, user)
	assert "jammed" in issue.description and issue.ops_channel == "E-mail"
	assert frappe.db.exists("File", {"attached_to_doctype": "Issue", "attached_to_name": issue.name})
	assert abs(scenario_seconds(issue.ops_received_on, at)) < 2
	with as_user(user), pytest.raises(frappe.ValidationError, match="was settled already"):
		mail_settling.make_request(name)


def test_nothing_to_do_needs_a_reason(post, box, make_user, as_user):
	post.put(box, NOT_READABLE["no sender"])
	post.receive(box)
	(name,) = frappe.get_all(set_aside.DOCTYPE, pluck="name")
	with as_user(desk(make_user)):
		with pytest.raises(frappe.ValidationError, match="say why nothing is to be done"):
			mail_settling.leave(name, " ")
		mail_settling.leave(name, "advertising")
	assert frappe.db.get_value(set_aside.DOCTYPE, name, ["state", "note"]) == (set_aside.NOTHING, "advertising")


def scenario_seconds(stored, instant) -> float:
	from ops_delivery.services.shared.site_time import to_utc

	return (to_utc(stored) - instant).total_seconds()


@pytest.mark.clause("5.3.c")
def test_beyond_its_senders_limit_a_mail_waits_for_a_person(post, box, cleanup):
	def limit(number):
		frappe.db.set_single_value("Ops Delivery Settings", "mails_per_hour", number)
		frappe.clear_document_cache("Ops Delivery Settings")
		frappe.db.commit()

	sender = factories.unique_email("storm")
	limit(2)
	cleanup(limit, 30)
	for _turn in range(3):
		post.put(box, mail("", sender=sender))
	post.receive(box)
	assert frappe.db.count("Issue", {"raised_by": sender}) == 2 and post.unseen(box) == []
	(name,) = frappe.get_all(set_aside.DOCTYPE, {"reason": set_aside.TOO_MANY}, pluck="name")
	mail_settling.make_request(name)  # a person has looked
	assert frappe.db.count("Issue", {"raised_by": sender}) == 3
