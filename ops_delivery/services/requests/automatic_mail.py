"""Mail that nobody wrote: automatic answers, mailing lists, bounces (5.3.c). It is filed and moves nothing.

How it is known: domain/mail_kinds.py. Such a message is stored as Frappe's "Automated Message": it stands on
its record's timeline, opens no record and no complaint, and no clock or state follows from it. What the customer's own ticket
system reports ends their silence all the same: it may be an objection, and our people are told to look.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.domain import mail_kinds
from ops_delivery.permissions import switches
from ops_delivery.services.requests import result_messages
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import link_codes as own_codes

MODULE = "Ops Delivery"
AUTOMATED = "Automated Message"


def receiving(inbound: Any, process: Any) -> Any:
	"""Frappe's processing of one received mail, with what its headers say known to what follows from it (framework.py)."""
	before = frappe.flags.ops_automatic_mail
	frappe.flags.ops_automatic_mail = automatic = mail_kinds.is_automatic(inbound.mail) and is_for_us(inbound)
	if automatic:
		inbound._create_reference_document = lambda _doctype: None  # it opens no record
	own_codes.clean_files(inbound)
	make, opened = inbound._create_reference_document, []

	def create(doctype: str) -> Any:
		opened.append(doctype)
		return make(doctype)

	inbound._create_reference_document = create
	flags = frappe.flags.ops_receiving_mail, frappe.flags.ops_opening
	frappe.flags.ops_receiving_mail, frappe.flags.ops_opening = True, opened
	try:
		communication = process()
		if automatic and communication and mail_kinds.is_report(inbound.mail):
			result_messages.hear(communication)
		return communication
	finally:
		frappe.flags.ops_automatic_mail = before
		frappe.flags.ops_receiving_mail, frappe.flags.ops_opening = flags
		if automatic or frappe.flags.pop("ops_told_of_mail", None):
			# nobody is answered by a machine, nor told of it; and what we tell is not told by Frappe once more
			inbound.flags.is_new_communication = False


def before_insert(communication: Any, _method: str | None = None) -> None:
	"""doc_events Communication: a received message that a machine wrote is stored as such."""
	if frappe.flags.ops_automatic_mail and communication.sent_or_received == "Received":
		communication.communication_type = AUTOMATED


def is_for_us(inbound: Any) -> bool:
	"""Whether a mail is about a record of ours, or would open one; whatever else a site receives is not our matter."""
	record = inbound.reference_document()
	if record and record.doctype == ours.ISSUE:
		return ours.is_issue_ours(record.name)
	account = inbound.email_account
	opens = record.doctype if record else inbound.append_to if account.use_imap else account.append_to
	if not opens:
		return False
	return switches.now().measuring if opens == ours.ISSUE else frappe.get_meta(opens).module == MODULE
