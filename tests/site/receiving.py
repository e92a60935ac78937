"""Mail as it arrives: whole messages through Frappe's own processing, on a door that takes mails for Issues."""

from email.message import EmailMessage
from email.utils import make_msgid

import factories
import frappe
from frappe.email.receive import InboundMail

from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.shared.site_time import site_now


def door(append_to: str = "Issue"):
	"""An e-mail account whose mails become records of that type."""
	return factories.make_email_account(
		enable_incoming=1, append_to=append_to, use_imap=0, email_server="pop.example.com", email_sync_option="UNSEEN"
	)


def message(issue, sender: str, text: str = "still broken", **headers) -> bytes:
	"""A mail about a request, as its subject says; `headers` with _ for -."""
	mail = EmailMessage()
	mail["From"], mail["To"] = sender, "desk@example.com"
	mail["Subject"] = f"Re: {issue.subject} (#{issue.name})" if issue else factories.unique("Something new")
	mail["Message-ID"] = make_msgid()
	for name, value in headers.items():
		mail[name.replace("_", "-")] = value
	mail.set_content(text)
	return mail.as_bytes()


def receive(account, raw: bytes):
	"""The message that Frappe makes of it; None where it is kept apart for a person."""
	communication = InboundMail(raw, account, uid=1).process()
	incoming.note_read(account.name, site_now())
	return communication and frappe.get_doc("Communication", communication.name)
