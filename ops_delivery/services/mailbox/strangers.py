"""A mail by an Email Account that is no service mailbox (5.3.c, 6.3.j): Frappe files it by a number or an id, whoever wrote it.

Into a record of ours nobody writes by that who has no part in it: the mail is kept apart, as in a service mailbox, and the desk
decides.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.domain import mail_kinds
from ops_delivery.services.mailbox import set_aside, storing
from ops_delivery.services.mailbox.loop_guard import is_service_mail
from ops_delivery.services.mailbox.taking_part import COMPLAINT, Reference, guards, has_part
from ops_delivery.services.outbox import accounts


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: keep apart what a stranger writes into a record of ours."""
	if is_service_mail(inbound) or mail_kinds.is_automatic(inbound.mail) or accounts.is_ours(inbound.from_email):
		return process()  # a service mailbox asks when it looks for the record; what a machine wrote moves nothing
	record = inbound.reference_document()
	reference = (record.doctype, record.name) if record else None
	if not reference or not guards(reference) or has_part(reference, inbound.from_email) or inbound.is_exist_in_system():
		return process()
	append_to = inbound.append_to if inbound.email_account.use_imap else inbound.email_account.append_to
	if append_to == COMPLAINT:  # whoever writes to the complaints' address complains, about whatever
		inbound._reference_document = ""
		return process()
	_keep(inbound, append_to, reference)
	return None


def _keep(inbound: Any, append_to: str | None, reference: Reference) -> None:
	"""Keep a mail that Frappe reads for a person, once."""
	raw = inbound.raw_message
	raw = raw.encode(errors="surrogateescape") if isinstance(raw, str) else raw
	place = storing.Place(inbound.email_account, "", append_to, "", 0)
	fingerprint = storing.fingerprint_of(place.account.name, raw)
	if frappe.db.exists(storing.LOG, {"mail_key": fingerprint}):
		return
	received, dated = storing.moments(raw, None)
	row = storing.note(place, fingerprint, storing.FOR_A_PERSON, received, dated)
	row.db_set({"reference_doctype": reference[0], "reference_name": reference[1]}, update_modified=False)
	set_aside.keep(place, raw, set_aside.STRANGER, "", received, dated, reference)
