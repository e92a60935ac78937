"""The headers of a queued mail, changed in its text."""

import email
from email.header import decode_header, make_header

import pytest

from ops_delivery.domain import mail_edit

MAIL = (
	"From: desk@x.example\r\nSubject: a long\r\n subject\r\nX-Subject: other\r\nREPLY-TO:  r@x.example \r\n"
	"\r\nBody: no header\r\n\r\nend"
)


def test_a_mail_is_taken_apart_and_put_together_as_it_was():
	head, body = mail_edit.split(MAIL)
	assert head == ["From: desk@x.example", "Subject: a long\n subject", "X-Subject: other", "REPLY-TO:  r@x.example "]
	assert body == "\n\nBody: no header\n\nend"
	assert mail_edit.join(head, body) == MAIL.replace("\r\n", "\n")
	assert mail_edit.split("From: a@x.example") == (["From: a@x.example"], "")


@pytest.mark.parametrize(
	("name", "value"),
	[
		("from", "desk@x.example"),
		("Subject", "a long\n subject"),
		("Reply-To", "r@x.example"),
		("Body", ""),
		("Sub", ""),
	],
)
def test_a_header_is_found_by_its_whole_name_in_whichever_case(name, value):
	assert mail_edit.get(mail_edit.split(MAIL)[0], name) == value


def test_a_header_is_set_in_its_place_else_at_the_end():
	head, body = mail_edit.split(MAIL)
	changed = mail_edit.put(head, "subject", "Re: it works")
	assert [line.partition(":")[0] for line in changed] == ["From", "subject", "X-Subject", "REPLY-TO"]
	assert mail_edit.get(changed, "Subject") == "Re: it works"
	added = mail_edit.put(head, "In-Reply-To", "<1@x.example>")
	assert added == [*head, "In-Reply-To: <1@x.example>"]
	mail = email.message_from_string(mail_edit.join(added, body))
	assert mail["In-Reply-To"] == "<1@x.example>" and mail.get_payload() == "Body: no header\n\nend"


def test_many_ids_are_a_line_each_and_other_values_stay_one():
	ids = " ".join(f"<{number}@long-name-of-a-mail-server.example>" for number in range(20))
	(line,) = mail_edit.put([], "References", ids)
	assert max(map(len, line.split("\n"))) < 100
	mail = email.message_from_string(f"{line}\n\nx")
	assert mail["References"].split() == ids.split()
	assert mail_edit.put([], "Subject", "three short words") == ["Subject: three short words"]


def test_what_is_not_ascii_is_encoded_for_the_way():
	(line,) = mail_edit.put([], "Subject", "回复：打印机 3 楼")
	assert line.isascii()
	mail = email.message_from_string(f"{line}\n\nx")
	assert str(make_header(decode_header(mail["Subject"]))) == "回复：打印机 3 楼"
