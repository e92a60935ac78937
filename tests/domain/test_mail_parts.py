"""Invitations, pictures within the text, when a mail counts as received, and what makes it the same mail."""

import base64
import time
from datetime import datetime, timedelta, timezone

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
