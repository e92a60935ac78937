"""Staff answer from their own mailbox (5.3.c, 6.3.f): their reply to a mail about a request is their answer to the customer.

It goes to the customer from the service address, in their own words alone: what they quote is ours, with links for the desk and,
perhaps, for somebody else. It meets First Response as an answer from the desk does. Who only says that they are a colleague is
believed where the mail server vouches for them, or says nothing and the mail answers one that we sent.
"""

from __future__ import annotations

import re
from email.utils import formataddr
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain import mail_kinds
from ops_delivery.domain.mail_quotes import own_words
from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import is_staff_address, lost_access, plain
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import locale as reader

FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|vs|vb|doorst|转发|轉寄|轉發|转寄)\s*[:：]", re.IGNORECASE)
PASSED = re.compile(r"\b(?:dkim|dmarc)\s*=\s*pass\b", re.IGNORECASE)


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: pass a colleague's reply on to the customer."""
	issue = _request(inbound)
	if not issue:
		return process()
	if passed_on := _passed_on(inbound):
		return passed_on
	words = _words(inbound)
	to = plain(issue.ops_customer_email)
	with reader.reading(reader.language_of(inbound.from_email)):
		why_not = _why_not(inbound, issue, words, to)
	before = frappe.flags.ops_staff_answer
	frappe.flags.ops_staff_answer = frappe._dict(
		to="" if why_not else to, sender=plain(inbound.from_email), account=inbound.email_account
	)
	if not why_not:
		inbound.content, inbound.content_type = _as_html(words), "text/html"
	try:
		communication = process()
	finally:
		frappe.flags.ops_staff_answer = before
	inbound.flags.is_new_communication = False  # Frappe would tell the others of it as of a customer's mail
	if why_not:
		with reader.reading(reader.language_of(inbound.from_email)):
			_say(inbound, issue, why_not)
	elif communication and communication.sent_or_received == "Sent":
		_send(communication, issue, to, inbound.email_account)
	return communication


def before_insert(communication: Any, _method: str | None = None) -> None:
	"""doc_events Communication.before_insert: a colleague's reply is ours; what is not passed on stays a note among us."""
	answer = frappe.flags.ops_staff_answer
	if not answer or communication.sent_or_received != "Received":
		return
	user = reader.user_of(answer.sender)
	communication.sent_or_received = "Sent"
	if not answer.to:
		communication.communication_type = "Automated Message"
		return
	communication.update(
		{
			"sender": answer.account.email_id,
			"sender_full_name": frappe.utils.get_fullname(user.name) if user else answer.sender,
			"recipients": answer.to,
			"cc": None,
			"bcc": None,
			"user": user.name if user else communication.user,
		}
	)


def _request(inbound: Any) -> Any | None:
	"""The request of ours that a colleague's mail answers; None for any other mail."""
	sender = plain(inbound.from_email)
	if not is_staff_address(sender) or incoming.is_ours(sender) or mail_kinds.is_automatic(inbound.mail):
		return None
	if lost_access(sender):
		return None  # no colleague any more
	record = inbound.reference_document()
	if not record or record.doctype != ours.ISSUE or not ours.is_issue_ours(record.name):
		return None
	parties.look_up_late(record)
	return record


def _passed_on(inbound: Any) -> Any | None:
	"""The answer that was made of this very mail; Frappe knows a mail again only where it is stored as a received one."""
	if not inbound.message_id:
		return None
	name = frappe.db.get_value(
		"Communication",
		{
			"message_id": inbound.message_id,
			"email_account": inbound.email_account.name,
			"sent_or_received": "Sent",
		},
	)
	return frappe.get_doc("Communication", name) if name else None


def _why_not(inbound: Any, issue: Any, words: str, to: str) -> str:
	"""Why a colleague's reply is not passed on; "" where it is."""
	if not cint(frappe.get_cached_doc(switches.SETTINGS).staff_mail_answers):
		return _("Ops Delivery Settings do not let staff answer from their own mailbox.")
	if FORWARDED.match(cstr(inbound.subject)):
		return _("a mail that is forwarded is no answer to the customer.")
	verdicts = inbound.mail.get_all("Authentication-Results") or []
	if verdicts:
		if not PASSED.search(cstr(verdicts[0])):  # of our own server, which puts it on top
			return _("the mail server does not vouch for its sender.")
	elif not _answers_our_mail(inbound):
		return _("it answers no mail that we sent, and no mail server vouches for its sender.")
	if not frappe.has_permission("Issue", "email", doc=issue, user=reader.user_of(inbound.from_email).name):
		return _("you may not write to the customer of this request.")
	if not to:
		return _("the request names nobody at the customer.")
	if not words:
		return _("it says nothing above the mail that it quotes.")
	return ""


def _answers_our_mail(inbound: Any) -> bool:
	answered = mail_kinds.ids(inbound.mail.get("In-Reply-To")) + mail_kinds.ids(
		inbound.mail.get("References")
	)
	if not answered:
		return False
	# Frappe empties its queue; what we sent before ids were kept is known there alone
	sent = mail_threads.sent_by_us(answered[:30])
	return sent or bool(frappe.db.exists("Email Queue", {"message_id": ["in", answered[:30]]}))


def _words(inbound: Any) -> str:
	if text := cstr(inbound.text_content).strip():
		return own_words(text)
	return own_words(reader.plain_lines(inbound.html_content))


def _as_html(words: str) -> str:
	return "".join(f"<p>{escape_html(line)}</p>" for line in words.splitlines() if line.strip())


def _send(communication: Any, issue: Any, to: str, account: Any) -> None:
	files = frappe.get_all(
		"File",
		filters={"attached_to_doctype": "Communication", "attached_to_name": communication.name},
		pluck="name",
		order_by="creation",
	)
	frappe.sendmail(
		recipients=[to],
		sender=formataddr((communication.sender_full_name, account.email_id)),
		reply_to=account.email_id,
		subject=f"Re: {issue.subject} (#{issue.name})",
		message=communication.content,
		attachments=[{"fid": name} for name in files],
		reference_doctype="Issue",
		reference_name=issue.name,
		communication=communication.name,
		add_unsubscribe_link=0,
		expose_recipients="header",
	)


def _say(inbound: Any, issue: Any, why_not: str) -> None:
	"""On the desk, to who wrote: not by a mail, which another machine might answer."""
	user = reader.user_of(inbound.from_email)
	subject = _("Your reply to {0} was not passed on to the customer: {1}").format(issue.name, why_not)
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user.name,
			"type": "Alert",
			"document_type": "Issue",
			"document_name": issue.name,
			"subject": subject,
		}
	).insert(ignore_permissions=True)
