"""Machines that answer machines (RFC 3834, 5.3.c): who writes too often opens nothing more, and a person is asked; what comes
from another ticket system finds the request that it has been about from its first mail.

The count of an hour lives in the cache; while that is away, nobody is held up.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.domain import mail_kinds
from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services.outbox import accounts as incoming
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.requests import automatic_mail as received_mail
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import call_limits as limits

MAILS = "received_mails"
NUMBER = "ops_external_number"
KEY_POINT = "ops_mail_held"
NUMBER_LENGTH = 140
MOST_NUMBERS = 10


class TooMany(Exception):
	"""A mail to a service mailbox came beyond its sender's limit and belongs to no record: it is kept for a person."""


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: the limit of an hour, and the numbers of other ticket systems."""
	if not received_mail.is_for_us(inbound):
		return process()
	numbers = _numbers(inbound)
	if numbers and not inbound.reference_document():
		inbound._reference_document = _known(numbers, inbound.from_email) or ""
	beyond = _beyond_limit(inbound)
	if beyond and is_service_mail(inbound) and not inbound.reference_document() and not mail_kinds.is_automatic(inbound.mail):
		raise TooMany
	if beyond:
		inbound._create_reference_document = lambda _doctype: None  # it opens no record
	communication = process()
	if beyond:
		inbound.flags.is_new_communication = False  # nobody is answered, nor told of each
	if communication and beyond == 1 and not mail_kinds.is_automatic(inbound.mail):
		notices.post("Communication", communication.name, KEY_POINT, {"sender": plain(inbound.from_email)})
	_keep_number(communication, numbers, inbound.from_email)
	return communication


def is_service_mail(inbound: Any) -> bool:
	"""Whether a mail came by a service mailbox, where what cannot be filed by itself is kept for a person."""
	return hasattr(inbound, "ops_thread")


def _beyond_limit(inbound: Any) -> int:
	"""How many mails of this sender came beyond the limit within the hour; 0 within it. Our own people and mailboxes have
	none."""
	limit = cint(frappe.get_cached_doc(switches.SETTINGS).mails_per_hour)
	sender = plain(inbound.from_email)
	if getattr(inbound, "ops_thread", None):
		return 0  # a person has said what it is
	if not limit or not sender or is_staff_address(sender) or incoming.is_ours(sender):
		return 0
	return max(0, limits.number_of(MAILS, sender) - limit)


def _numbers(inbound: Any) -> list[str]:
	found = mail_kinds.external_numbers(inbound.subject or "")[:MOST_NUMBERS]
	if not found:
		return []
	own = set(frappe.get_all(ours.ISSUE, filters={"name": ["in", found]}, pluck="name", order_by="name"))
	return [number for number in found if number not in own]


def _known(numbers: list[str], sender: str) -> Any | None:
	"""The request of the same sender, not closed, that has one of these numbers of their ticket system."""
	rows = frappe.get_all(
		ours.ISSUE,
		filters={NUMBER: ["in", numbers], "raised_by": plain(sender), "status": ["!=", "Closed"]},
		pluck="name",
		order_by="creation desc",
		limit=1,
	)
	return frappe.get_doc(ours.ISSUE, rows[0]) if rows and ours.is_issue_ours(rows[0]) else None


def _keep_number(communication: Any, numbers: list[str], sender: str) -> None:
	if (
		not numbers
		or not communication
		or communication.reference_doctype != ours.ISSUE
		or is_staff_address(sender)
	):
		return
	name = communication.reference_name
	if ours.is_issue_ours(name) and not frappe.db.get_value(ours.ISSUE, name, NUMBER):
		frappe.db.set_value(ours.ISSUE, name, NUMBER, numbers[0][:NUMBER_LENGTH], update_modified=False)
