"""Mail that nobody wrote: automatic answers, mailing lists, bounces (5.3.c). It is filed and moves nothing.

RFC 3834 and what mail servers in use send beside it. Such a message is stored as Frappe's "Automated Message": it stands on
its record's timeline, opens no record and no complaint, and no clock or state follows from it. What the customer's own ticket
system reports ends their silence all the same: it may be an objection, and our people are told to look.
"""

from __future__ import annotations

from email.message import Message
from email.utils import parseaddr
from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.permissions import switches
from ops_delivery.services import ours, result_messages

MODULE = "Ops Delivery"
AUTOMATED = "Automated Message"
BULK = frozenset({"bulk", "auto_reply", "auto-reply", "list", "junk"})
MARKS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Failed-Recipients")
SENDERS = frozenset({"mailer-daemon", "postmaster"})


def is_automatic(mail: Message) -> bool:
	"""Whether a received mail was written by a machine, by its headers."""
	submitted = _first(mail, "Auto-Submitted").split(";")[0].strip()
	suppress = _first(mail, "X-Auto-Response-Suppress")
	return bool(
		(submitted and submitted != "no")
		or (suppress and suppress != "none")
		or _first(mail, "Precedence") in BULK
		or any(mail.get(mark) for mark in MARKS)
		or _is_bounce(mail)
	)


def is_report(mail: Message) -> bool:
	"""Whether a system wrote on its own account (RFC 3834: auto-generated), as the customer's own ticket system does. An
	answer that somebody is away, a bounce and a list are none."""
	submitted = _first(mail, "Auto-Submitted").split(";")[0].strip()
	return submitted == "auto-generated" and not _is_bounce(mail) and _first(mail, "Precedence") not in BULK


def receiving(inbound: Any, process: Any) -> Any:
	"""Frappe's processing of one received mail, with what its headers say known to what follows from it (framework.py)."""
	before = frappe.flags.ops_automatic_mail
	frappe.flags.ops_automatic_mail = automatic = is_automatic(inbound.mail) and _is_for_us(inbound)
	if automatic:
		inbound._create_reference_document = lambda _doctype: None  # it opens no record
	try:
		communication = process()
		if automatic and communication and is_report(inbound.mail):
			result_messages.hear(communication)
		return communication
	finally:
		frappe.flags.ops_automatic_mail = before
		if automatic:
			inbound.flags.is_new_communication = False  # nobody is answered by a machine, nor told of it


def before_insert(communication: Any, _method: str | None = None) -> None:
	"""doc_events Communication: a received message that a machine wrote is stored as such."""
	if frappe.flags.ops_automatic_mail and communication.sent_or_received == "Received":
		communication.communication_type = AUTOMATED


def _is_for_us(inbound: Any) -> bool:
	"""Whether a mail is about a record of ours, or would open one; whatever else a site receives is not our matter."""
	record = inbound.reference_document()
	if record and record.doctype == ours.ISSUE:
		return ours.is_issue_ours(record.name)
	account = inbound.email_account
	opens = record.doctype if record else inbound.append_to if account.use_imap else account.append_to
	if not opens:
		return False
	return switches.now().measuring if opens == ours.ISSUE else frappe.get_meta(opens).module == MODULE


def _is_bounce(mail: Message) -> bool:
	envelope = mail.get("Return-Path")
	if envelope is not None and not parseaddr(cstr(envelope))[1]:
		return True
	sender = parseaddr(cstr(mail.get("From")))[1].partition("@")[0].lower()
	return sender in SENDERS or mail.get_content_type() == "multipart/report"


def _first(mail: Message, header: str) -> str:
	return cstr(mail.get(header)).strip().lower()
