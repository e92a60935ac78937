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
