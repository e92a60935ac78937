"""Complaints by mail (5.3.c, 5.4.d): what is sent to the complaints' address is a complaint, also as a reply to a request's
mail; what is written to a complaint reaches who handles it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cstr

from ops_delivery.domain import mail_kinds
from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints.types import ABOUT, DOCTYPE
from ops_delivery.services.mailbox import threads as mail_threads
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.scope import record_parties

KEY_POINT = "ops_complaint_message"


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: whoever writes to the complaints' address complains, whichever mail they answer."""
	opens = inbound.append_to if inbound.email_account.use_imap else inbound.email_account.append_to
	if opens != DOCTYPE or mail_kinds.is_automatic(inbound.mail):
		return process()
	try:
		answered = inbound.reference_document()
	except mail_threads.NoPart:  # a complaint is one, whoever writes it; it is tied to nothing that is not theirs
		inbound._reference_document = answered = ""
	if not answered or answered.doctype == DOCTYPE:
		return process()
	inbound._reference_document = ""  # it opens a complaint …
	before, frappe.flags.ops_complaint_about = frappe.flags.ops_complaint_about, None
	if answered.doctype in ABOUT and _has_part(answered, inbound.from_email):
		frappe.flags.ops_complaint_about = (answered.doctype, answered.name)  # … about what it answers
	try:
		return process()
	finally:
		frappe.flags.ops_complaint_about = before


def before_insert(doc: Any, _method: str | None = None) -> None:
	"""doc_events Service Complaint.before_insert: what the mail that opens it answers."""
	about = frappe.flags.ops_complaint_about
	if about and doc.flags.ignore_mandatory and not doc.reference_name:
		doc.reference_doctype, doc.reference_name = about


def after_message(message: Any, _method: str | None = None) -> None:
	"""doc_events Communication.after_insert: what the customer writes to a complaint that is there is told to its handler."""
	if (
		message.reference_doctype != DOCTYPE
		or not message.reference_name
		or message.sent_or_received != "Received"
		or message.communication_type != "Communication"
		or ownership.is_staff_address(message.sender)
	):
		return
	earlier = frappe.db.exists(
		"Communication",
		{
			"reference_doctype": DOCTYPE,
			"reference_name": message.reference_name,
			"name": ["!=", message.name],
		},
	)
	if earlier:  # the mail that opened it is told with it
		notices.post(DOCTYPE, message.reference_name, KEY_POINT)


def _has_part(record: Any, address: str | None) -> bool:
	"""Whether the sender is of the customer's side of a record: nobody else's complaint is tied to it by a number or an id."""
	sender = plain(address)
	if not sender:
		return False
	if sender in record_parties.persons_of(record):
		return True
	customer = record.get("customer")
	return bool(customer) and cstr(complaint_intake.customer_of(sender)) == customer
