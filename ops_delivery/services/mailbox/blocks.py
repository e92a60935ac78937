"""What stands in a mail beside its words, shown below them: a message that was attached, an invitation (6.3.j)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import Message

from frappe import _
from frappe.utils import escape_html

from ops_delivery.domain import mail_headers, mail_parts
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.site_time import to_site

MOST_WORDS = 20_000


def of_message(message: Message, words_of: Callable[[Message], str]) -> str:
	"""An attached message: who wrote it, when, about what, and its words."""
	labels = (("From", _("From")), ("To", _("To", context="Service Acceptance Notice")), ("Subject", _("Subject")), ("Date", _("Date")))
	lines = [
		f"<b>{escape_html(label)}:</b> {escape_html(value)}"
		for name, label in labels
		if (value := mail_headers.decode(message.get(name)))
	]
	text = html = ""
	for part in message.walk():
		if part.get_content_disposition() == "attachment" or part.get_content_type() == "message/rfc822":
			continue
		if part.get_content_type() == "text/plain":
			text += words_of(part)
		elif part.get_content_type() == "text/html":
			html += words_of(part)
	words = text.strip() or mail_parts.plain(html, MOST_WORDS)
	return f"<p>{'<br>'.join(lines)}</p><p>{mail_parts.as_html(words[:MOST_WORDS])}</p>"


def is_packed(part: Message) -> bool:
	"""Whether Outlook has packed the message's files, and perhaps its words, into one that other programs do not open (TNEF)."""
	return (
		part.get_content_type() in ("application/ms-tnef", "application/vnd.ms-tnef")
		or mail_headers.file_name(part).lower() == "winmail.dat"
	)


def of_packed(part: Message) -> str:
	"""That there is such a file, which is kept as it came."""
	name = mail_headers.file_name(part) or "winmail.dat"
	said = _(
		"The sender's Outlook has packed what was attached, and perhaps formatted text, into the file {0}. If something is missing here, open that file in Outlook, or ask the sender to send it again as plain text or HTML."
	).format(name)
	return f"<p>{escape_html(said)}</p>"


def of_calendar(calendar: str) -> list[str]:
	"""The appointments of an invitation, as date and place."""
	return [_invitation(one) for one in mail_parts.invitations(calendar)]


def _invitation(one: mail_parts.Invitation) -> str:
	title = _("Cancelled appointment") if one.cancelled else _("Invitation")
	rows = [
		(_("What"), one.title),
		(_("When"), _when(one)),
		(_("Where"), one.place),
		(_("Invited by"), one.organizer),
	]
	lines = [f"<b>{escape_html(label)}:</b> {mail_parts.as_html(value)}" for label, value in rows if value]
	return f"<p><b>{escape_html(title)}</b></p><p>{'<br>'.join(lines)}</p>"


def _when(one: mail_parts.Invitation) -> str:
	if not one.begins:
		return ""
	if one.whole_day:
		return wording.day(one.begins)
	begins, ends = _local(one.begins), _local(one.ends) if one.ends else None
	text = f"{wording.day(begins)} {begins:%H:%M}"
	if ends:
		text += f"–{ends:%H:%M}" if ends.date() == begins.date() else f" – {wording.day(ends)} {ends:%H:%M}"
	known = one.begins.tzinfo is not None
	return text if known or not one.zone else f"{text} ({one.zone})"


def _local(moment: datetime) -> datetime:
	"""In the site's zone where the moment says its own; else as it was written."""
	return to_site(moment) if moment.tzinfo else moment
