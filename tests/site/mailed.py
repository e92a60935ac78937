"""Queued e-mails as they leave: what Frappe sends to one of their readers."""

from email import message_from_bytes
from email.policy import SMTPUTF8

import factories
import frappe
from frappe.email.doctype.email_queue.email_queue import SendMailContext


def notification_with_print(doctype: str, **values):
	"""A Notification of e-mail that carries a print, and goes when a test sends it."""
	return factories.make(
		"Notification",
		**{
			"name": factories.unique("Print"),
			"subject": factories.unique("A print as PDF"),
			"document_type": doctype,
			"event": "Method",
			"method": "nothing_calls_this",
			"channel": "Email",
			"message": "Attached",
			"attach_print": 1,
			**values,
		},
	)


def queued(subject: str):
	"""The newest queued e-mail of that subject (ASCII, a part of it is enough)."""
	rows = frappe.get_all("Email Queue", fields=["name", "message"], order_by="creation desc", limit=5)
	return frappe.get_doc("Email Queue", next(row.name for row in rows if subject in row.message))


def sent(queue, address: str | None = None) -> bytes:
	"""The message as it is sent to one of its readers, the first one by default."""
	sending = SendMailContext(queue)  # not entered: nothing leaves
	return sending.build_message(address or queue.recipients[0].recipient)


def prints(queue, address: str | None = None) -> list[tuple[str, bytes]]:
	"""(file name, content) of the PDFs of the message as it is sent."""
	message = message_from_bytes(sent(queue, address), policy=SMTPUTF8)
	return [
		(part.get_filename(), part.get_payload(decode=True))
		for part in message.walk()
		if part.get_content_type() == "application/pdf"
	]


def pages(message: str) -> str:
	"""The web pages attached to a message as it is sent."""
	parsed = message_from_bytes(message.encode(), policy=SMTPUTF8)
	return "\n".join(
		part.get_payload(decode=True).decode("utf-8", "replace")
		for part in parsed.walk()
		if (part.get_filename() or "").endswith(".html")
	)
