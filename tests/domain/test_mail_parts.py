"""Invitations, pictures within the text, when a mail counts as received, and what makes it the same mail."""

import base64
import time
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.message import Message

import pytest

from ops_delivery.domain import mail_parts

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
PNG = base64.b64encode(b"\x89PNG picture").decode()


@pytest.mark.parametrize(
	("internal", "dated", "counts"),
	[
		(timedelta(hours=-2), timedelta(hours=-3), timedelta(hours=-2)),
		(timedelta(hours=-2), None, timedelta(hours=-2)),
		(timedelta(hours=3), timedelta(hours=-1), timedelta()),  # a server whose clock is ahead
		(timedelta(hours=-1), timedelta(days=-5), timedelta(days=-5)),  # a mailbox that was moved
		(timedelta(hours=-1), timedelta(days=1), timedelta(hours=-1)),  # a date to come
		(None, timedelta(hours=-5), timedelta()),
	],
)
def test_a_mail_counts_from_when_its_mailbox_got_it(internal, dated, counts):
	at = mail_parts.received_at(
		NOW + internal if internal is not None else None, NOW + dated if dated is not None else None, NOW
	)
	assert at == NOW + counts


def test_a_picture_in_the_text_becomes_a_file_of_its_own():
	text, pictures = mail_parts.take_out_pictures(
		f'<p>x</p><img src="data:image/png;base64,{PNG}"><img src="data:image/svg+xml,<svg/>">'
	)
	((name, ending, content),) = pictures
	assert (ending, content) == ("png", b"\x89PNG picture")
	assert f'src="cid:{name}"' in text and "data:" not in text
	assert mail_parts.take_out_pictures("<p>no data here</p>") == ("<p>no data here</p>", [])


def test_long_html_is_read_in_a_moment():
	text = "<p>The printer is jammed</p>" + "<div><table><tr><td style='x'>row &amp; more</td></tr>" * 60_000
	started = time.monotonic()
	words = mail_parts.plain(text, 2000)
	assert time.monotonic() - started < 3
	assert words.startswith("The printer is jammed\nrow & more") and len(words) <= 2000


def test_an_invitation_says_when_and_where():
	(one,) = mail_parts.invitations(
		"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Swap the switch\\, floor 3\r\n"
		"DTSTART;TZID=Asia/Shanghai:20261202T140000\r\nDTEND;TZID=Asia/Shanghai:20261202T150000\r\n"
		"LOCATION:Building 2\\nroom 301\r\nORGANIZER;CN=\"Wang: Li\":mailto:wl@h.example\r\n"
		"BEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR"
	)
	assert one.title == "Swap the switch, floor 3" and one.place == "Building 2\nroom 301"
	assert one.begins.astimezone(timezone.utc) == datetime(2026, 12, 2, 6, 0, tzinfo=timezone.utc)
	assert (one.organizer, one.whole_day, one.cancelled) == ("Wang: Li", False, False)
	(day,) = mail_parts.invitations("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261202\nSTATUS:CANCELLED\nEND:VEVENT")
	assert day.whole_day and day.cancelled
	assert mail_parts.invitations("nonsense") == []


def test_the_same_mail_by_two_ways_is_the_same():
	mail = b"From: a@x.example\nSubject: s\nMessage-ID: <1@x>\n\nbody\n"
	other_way = b"Received: from y\r\n\tby z\r\n" + mail.replace(b"\n", b"\r\n")
	assert mail_parts.identity(mail) == mail_parts.identity(other_way)
	assert mail_parts.identity(mail) != mail_parts.identity(mail.replace(b"body", b"other"))


@pytest.mark.parametrize(
	("header", "moment"),
	[
		("Mon, 30 Nov 2026 17:00:00 +0800", NOW),
		("30 Nov 2026 09:00 GMT", NOW),
		("", None),
		("yesterday", None),
		("Mon, 30 Nov 99999 09:00:00 GMT", None),  # no such year
		("1 Jan 99999999999999 10:00 GMT", None),  # beyond what a machine counts
		("99999999999999 Jan 2026 10:00 GMT", None),
	],
)
def test_the_date_a_mail_bears(header, moment):
	assert mail_parts.dated(header) == moment


def test_a_day_is_not_yet_more_than_a_day():
	internal, bears = NOW - timedelta(hours=1), NOW - timedelta(hours=25)
	assert mail_parts.received_at(internal, bears, NOW) == internal
	assert mail_parts.received_at(internal, bears - timedelta(seconds=1), NOW) == bears - timedelta(seconds=1)
	assert mail_parts.received_at(NOW, NOW, NOW) == NOW


def test_a_mail_without_an_id_is_known_by_its_whole_head_but_for_its_way():
	mail = b"From: a@x.example\nDate: Mon, 30 Nov 2026 09:00:00 +0000\nComments: red\n\nbody\n\n\n"
	same = b"Received: from y\nX-Spam: no\nARC-Seal: q\nStatus: RO\nDKIM-Signature: z\n" + mail.rstrip()
	assert mail_parts.identity(mail) == mail_parts.identity(same)
	assert mail_parts.identity(mail) != mail_parts.identity(mail.replace(b"red", b"blue"))
	with_id = b"Message-ID: <1@x>\n" + mail
	assert mail_parts.identity(with_id) == mail_parts.identity(with_id.replace(b"red", b"blue"))
	for header in (b"From: a@x.example", b"Date: Mon, 30", b"Message-ID: <1@x>"):
		assert mail_parts.identity(with_id) != mail_parts.identity(with_id.replace(header, header[:-1] + b"q"))
	assert mail_parts.identity(with_id.replace(b" <1@x>", b"\n\t<1@x>")) == mail_parts.identity(with_id)


@pytest.mark.parametrize(
	("form", "ending"), [("png", "png"), ("jpeg", "jpg"), ("jpg", "jpg"), ("GIF", "gif"), ("webp", "webp"), ("bmp", "bmp")]
)
def test_pictures_of_every_form_have_their_ending(form, ending):
	_text, ((name, found, content),) = mail_parts.take_out_pictures(f"<img src='data:image/{form};base64,{PNG[:8]}%0A{PNG[8:]}'>")
	assert (found, content) == (ending, b"\x89PNG picture") and name.startswith("ops-picture-1-")


def test_what_is_no_picture_is_left_out_and_equal_ones_have_names_of_their_own():
	text, found = mail_parts.take_out_pictures(f'<img src="data:image/png;base64,A"><a href=DATA:text/html,x>y</a>{"<img src=data:image/png;base64," + PNG + ">"}'
		f'<img src="data:image/png;base64,{PNG}"><img src="data:image/png;base64,====">')
	assert [name.split("-")[2] for name, _ending, _content in found] == ["1", "2"]
	assert len({name for name, _ending, _content in found}) == 2
	assert "data:" not in text.lower() and text.startswith('<img src=""><a href=>y</a>')


@pytest.mark.parametrize(
	("html", "words"),
	[
		("<p>one</p><p>two</p>", "one\ntwo"),
		("a<br>b<BR/>c", "a\nb\nc"),
		("<b>bo</b>ld &lt;b&gt;", "bold <b>"),
		("<style>p { }</style><script>x()</script><title>t</title>said<!-- not -->", "said"),
		("<p>1</p><p></p><p> </p><p></p><p>2</p>", "1\n\n2"),
		("<td>a</td>  \n <td>b</td>", "a\nb"),
	],
)
def test_the_words_of_html(html, words):
	assert mail_parts.plain(html, 100) == words
	assert mail_parts.plain(html, 3) == words[:3]


def test_text_becomes_html_line_by_line():
	assert mail_parts.as_html("  a < b\n\n& c ") == "a &lt; b<br><br>&amp; c"


INNER = b"Subject: inside\nMessage-ID: <in@x>\n\nthe words = of it\n"


@pytest.mark.parametrize(
	("encoding", "coded"), [("base64", base64.encodebytes(INNER)), ("Quoted-Printable", INNER.replace(b"=", b"=3D").replace(b":", b"=3A"))]
)
def test_a_message_that_was_attached_encoded_is_read(encoding, coded):
	part = message_from_bytes(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: %s\n\n%s" % (encoding.encode(), coded))
	assert mail_parts.unpack_message(part)
	(inner,) = part.get_payload()
	assert inner["Subject"] == "inside" and inner.get_payload() == "the words = of it\n"
	assert part["Content-Transfer-Encoding"] is None
	assert not mail_parts.unpack_message(part), "it is unpacked once"


@pytest.mark.parametrize(
	"raw",
	[
		b"Content-Type: message/rfc822\n\n" + INNER,
		b"Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n" + INNER,
		b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + INNER,  # it says so, and is not
		b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nabc",  # cut off
		b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(INNER),
	],
)
def test_other_parts_are_left_as_they_are(raw):
	part = message_from_bytes(raw)
	before = part.as_bytes()
	assert not mail_parts.unpack_message(part) and part.as_bytes() == before


def test_a_message_made_without_parts_is_none():
	part = Message()
	part["Content-Type"], part["Content-Transfer-Encoding"] = "message/rfc822", "base64"
	assert not mail_parts.unpack_message(part)


def invitation(*lines):
	(one,) = mail_parts.invitations("\n".join(["BEGIN:VCALENDAR", *lines[:1], "BEGIN:VEVENT", *lines[1:], "END:VEVENT", "END:VCALENDAR"]))
	return one


def naive(text):
	return datetime.fromisoformat(text)


@pytest.mark.parametrize(
	("start", "begins", "zone", "whole_day"),
	[
		("DTSTART:20261202T060000Z", naive("2026-12-02T06:00:00+00:00"), "UTC", False),
		("DTSTART:20261202T140000", naive("2026-12-02T14:00:00"), "", False),
		("DTSTART:20261202T1400", naive("2026-12-02T14:00:00"), "", False),
		("DTSTART;TZID=China Standard Time:20261202T140000", naive("2026-12-02T14:00:00"), "China Standard Time", False),
		('DTSTART;X=1;TZID="Asia/Shanghai":20261202T140000', naive("2026-12-02T14:00:00+08:00"), "Asia/Shanghai", False),
		("DTSTART;TZID=/etc/passwd:20261202T140000", naive("2026-12-02T14:00:00"), "/etc/passwd", False),
		("DTSTART;VALUE=DATE:20261202", naive("2026-12-02"), "", True),
		("DTSTART:soon", None, "", False),
		("X-OTHER:1", None, "", False),
	],
)
def test_when_an_appointment_begins(start, begins, zone, whole_day):
	one = invitation("METHOD:REQUEST", start)
	assert (one.begins, one.zone, one.whole_day) == (begins, zone, whole_day)


def test_what_else_an_appointment_says():
	one = invitation("METHOD:cancel", "SUMMARY:a\\nb\\; c\\\\d", "SUMMARY:second", "ORGANIZER:MAILTO:wl@h.example", "LOCATION: room\n  1")
	assert one.cancelled and one.title == "a\nb; c\\d" and one.organizer == "wl@h.example" and one.place == "room 1"
	assert (one.begins, one.ends) == (None, None)
	kept = invitation("METHOD:REQUEST", "STATUS:CONFIRMED")
	assert not kept.cancelled and kept.title == kept.organizer == kept.place == ""


def test_appointments_are_told_in_their_order_and_torn_ones_left_out():
	text = "END:VEVENT\nSUMMARY:outside\nBEGIN:VEVENT\nSUMMARY:one\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:two\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:torn"
	assert [one.title for one in mail_parts.invitations(text)] == ["one", "two"]
