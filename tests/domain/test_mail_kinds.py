"""What a mail is, by its headers, as programs and mail servers in use write them."""

from email import message_from_bytes, message_from_string

import pytest

from ops_delivery.domain import mail_kinds

AUTOMATIC = {
	"auto-replied": "Auto-Submitted: auto-replied",
	"auto-notified": "Auto-Submitted: auto-notified; owner-email=x",
	"exchange": "X-Auto-Response-Suppress: DR, OOF",
	"bulk": "Precedence: bulk",
	"list": "List-Id: <news.example.com>",
	"autoreply": "X-Autoreply: yes",
	"empty envelope": "Return-Path: <>",
	"server": "From: Mail Delivery <MAILER-DAEMON@mx.example>",
	"report": "Content-Type: multipart/report; boundary=b",
	"failed": "X-Failed-Recipients: a@example.com",
	"subject, Chinese": "Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDkvJHlgYc=?=",
	"subject, English": "Subject: Automatic reply: your request",
	"calendar": "Content-Type: text/calendar; method=REPLY",
}
PERSONS = {
	"nothing": "Subject: Printer",
	"no": "Auto-Submitted: no",
	"none": "X-Auto-Response-Suppress: none",
	"envelope": "Return-Path: <li@example.com>",
	"answer to one": "Subject: Re: Automatic reply: your request",
	"invitation": "Content-Type: text/calendar; method=REQUEST",
	"first class": "Precedence: first-class",
}
DSN = """Return-Path: <>
From: MAILER-DAEMON@mx.example
To: desk@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Li@hospital.example
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <li@hospital.example>: no such user

--b
Content-Type: message/rfc822

Message-ID: <ours-1@desk.example>
Subject: ISS-1 received

body
--b--
"""


def mail(head: str):
	return message_from_string(f"{head}\n\nbody")


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_a_machines_mail_is_known(kind):
	assert mail_kinds.is_automatic(mail(AUTOMATIC[kind]))


@pytest.mark.parametrize("code", ["utf-8", "gb18030"])
def test_a_subject_in_bare_bytes_is_read(code):
	mail = message_from_bytes("From: a@example.com\nSubject: 自动回复：我在休假\n\nx".encode(code))
	assert mail_kinds.subject(mail) == "自动回复：我在休假" and mail_kinds.is_automatic(mail)


@pytest.mark.parametrize("kind", PERSONS)
def test_a_persons_mail_is_a_persons(kind):
	assert not mail_kinds.is_automatic(mail(PERSONS[kind]))


def test_a_report_names_the_mail_its_reader_and_the_reason():
	found = mail_kinds.bounce(message_from_string(DSN % "failed"))
	assert found.message_ids == ("ours-1@desk.example",) and found.addresses == ("li@hospital.example",)
	assert found.reason == "550 5.1.1 <li@hospital.example>: no such user"


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_what_is_only_late_or_has_arrived_did_not_fail(action):
	assert mail_kinds.bounce(message_from_string(DSN % action)) is None


def test_a_report_in_words_is_one():
	text = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nX-Failed-Recipients: li@hospital.example\n\n"
	found = mail_kinds.bounce(
		message_from_string(text + "Sorry.\n552 5.2.2 mailbox full\nMessage-ID: <ours-2@desk.example>\n")
	)
	assert found == mail_kinds.Bounce(
		("ours-2@desk.example",), ("li@hospital.example",), "552 5.2.2 mailbox full"
	)


@pytest.mark.parametrize(
	"head",
	[
		"Return-Path: <>\nAuto-Submitted: auto-replied\nFrom: li@example.com\nIn-Reply-To: <ours-1@desk.example>",
		"From: MAILER-DAEMON@mx.example\nSubject: Warning: could not send message for past 4 hours",
		"From: li@example.com\nSubject: Undelivered?",
	],
)
def test_who_is_away_late_or_asks_is_no_bounce(head):
	assert mail_kinds.bounce(mail(head)) is None


@pytest.mark.parametrize(
	("subject", "numbers"),
	[
		("[REQ-881] Printer", ["REQ-881"]),
		("Re: ISS-2026-00001 received: [REQ-881] Printer (#ISS-2026-00001)", ["REQ-881"]),
		("[#48213] We got your mail", ["48213"]),
		("Ticket #4711 was updated", ["4711"]),
		("##RE-77## Printer", ["RE-77"]),
		("INC0012345: no network", ["INC0012345"]),
		("工单号：2026-0118 打印机故障", ["2026-0118"]),
		("[JIRA-12] and [Ticket#2026120110] twice [JIRA-12]", ["JIRA-12", "2026120110"]),
		("Printer 2 on floor 3, room 118, 400-000-0000", []),
		("Your request of 2026", []),
	],
)
def test_numbers_of_other_systems(subject, numbers):
	assert mail_kinds.external_numbers(subject) == numbers


@pytest.mark.parametrize(
	("head", "is_one"),
	[
		("Auto-Submitted: auto-generated", True),
		("Auto-Submitted: auto-generated; x=y", True),
		("Auto-Submitted: auto-replied", False),
		("Subject: printer", False),
		("Auto-Submitted: auto-generated\nPrecedence: bulk", False),
		("Auto-Submitted: auto-generated\nReturn-Path: <>", False),
		("Auto-Submitted: auto-generated\nReturn-Path: <a@x.example>", True),
	],
)
def test_a_systems_own_report_is_known(head, is_one):
	assert mail_kinds.is_report(mail(head)) is is_one


@pytest.mark.parametrize("mark", mail_kinds.MARKS)
def test_every_mark_of_a_machine_counts(mark):
	assert mail_kinds.is_automatic(mail(f"{mark}: x"))


@pytest.mark.parametrize("method", ["REPLY", "counter", "DECLINECOUNTER", "REFRESH"])
def test_answers_to_invitations_are_known_wherever_they_stand(method):
	text = f'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/calendar; method={method}\n\nx\n--b--'
	assert mail_kinds.is_calendar_reply(message_from_string(text))
	assert not mail_kinds.is_calendar_reply(mail("Content-Type: text/calendar"))


def test_a_receipt_that_it_was_read_is_no_bounce():
	text = DSN.replace("message/delivery-status", "message/disposition-notification") % "failed"
	assert mail_kinds.bounce(message_from_string(text)) is None


def test_of_several_readers_those_that_were_not_reached_are_named():
	more = "Action: delivered\nFinal-Recipient: rfc822; there@hospital.example\n\nOriginal-Recipient: rfc822;<Gone@hospital.example>\nFinal-Recipient: rfc822;x@y.example\nAction: failed\nStatus: 5.7.1\n\n--b\nContent-Type: message/rfc822"
	text = (DSN % "failed").replace("--b\nContent-Type: message/rfc822", more, 1)
	found = mail_kinds.bounce(message_from_string(text))
	assert found.addresses == ("li@hospital.example", "gone@hospital.example")
	assert found.reason.startswith("550 5.1.1"), "the first reason is told"


def test_a_reason_without_words_is_its_code():
	text = (DSN % "failed").replace("Diagnostic-Code: smtp; 550 5.1.1 <li@hospital.example>: no such user\n", "")
	assert mail_kinds.bounce(message_from_string(text)).reason == "5.1.1"


def test_a_report_of_blocks_that_say_nothing_is_read_in_words():
	text = (DSN % "failed").replace("Action: failed\n", "")
	found = mail_kinds.bounce(message_from_string(text))
	assert found.message_ids == ("ours-1@desk.example",) and found.addresses == ()
	assert found.reason == "Undelivered Mail Returned to Sender"


def test_ids_of_the_answered_mail_come_last_and_once():
	text = (DSN % "failed").replace("To: desk", "In-Reply-To: <ours-1@desk.example>\nReferences: <a@x> <b@x>\nTo: desk")
	assert mail_kinds.bounce(message_from_string(text)).message_ids == ("ours-1@desk.example", "a@x", "b@x")


def test_a_long_reason_is_cut():
	head = "From: MAILER-DAEMON@mx.example\nSubject: failure"
	found = mail_kinds.bounce(message_from_string(f"{head}\n\n550 {'x' * 400}\n"))
	assert len(found.reason) == 200 and found.reason.startswith("550 x")


@pytest.mark.parametrize("charset", ["gb2312", "nobody-knows", "hex"])
def test_a_report_in_any_character_set_is_read(charset):
	head = f"From: MAILER-DAEMON@mx.example\nContent-Type: text/plain; charset={charset}\nSubject: failure\n\n"
	found = mail_kinds.bounce(message_from_bytes(head.encode() + "550 没有这个用户".encode("gb18030")))
	assert found.reason == "550 没有这个用户"


def test_a_mail_of_very_many_parts_is_read_as_far_as_its_first():
	parts = "".join(f"--b\nContent-Type: text/plain\n\n{number}\n" for number in range(300))
	text = f'Content-Type: multipart/mixed; boundary="b"\n\n{parts}--b\nContent-Type: text/calendar; method=REPLY\n\nx\n--b--'
	assert not mail_kinds.is_calendar_reply(message_from_string(text))
	few = "".join(f"--b\nContent-Type: text/plain\n\n{number}\n" for number in range(198))
	assert mail_kinds.is_calendar_reply(message_from_string(text.replace(parts, few)))
	assert not mail_kinds.is_calendar_reply(message_from_string(text.replace(parts, few + "--b\nContent-Type: text/plain\n\nx\n")))


def test_late_is_not_lost():
	for subject in ("Delayed mail", "Warning: still trying", "邮件延迟", "推迟投递"):
		assert mail_kinds.bounce(mail(f"From: postmaster@mx.example\nSubject: {subject}")) is None
	assert mail_kinds.bounce(mail("From: PostMaster@mx.example\nSubject: gone")).reason == "gone"
