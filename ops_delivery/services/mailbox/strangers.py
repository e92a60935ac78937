"""A mail by an Email Account that is no service mailbox (5.3.c, 6.3.j): Frappe files it by a number or an id, whoever wrote it.

Into a record of ours nobody writes by that who has no part in it: the mail is kept apart, as in a service mailbox, and the desk
decides.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.domain import mail_kinds
from ops_delivery.services.mailbox import storing
from ops_delivery.services.mailbox.loop_guard import is_service_mail
from ops_delivery.services.mailbox.taking_part import COMPLAINT, guards, has_part


def receiving(inbound: Any, process: Any) -> Any:
	"""Hook `ops_delivery_receive_mail`: keep apart what a stranger writes into a record of ours."""
	if is_service_mail(inbound) or mail_kinds.is_automatic(inbound.mail):
		return process()  # a service mailbox asks when it looks for the record; what a machine wrote moves nothing
	record = inbound.reference_document()
	reference = (record.doctype, record.name) if record else None
	if not reference or not guards(reference) or has_part(reference, inbound.from_email) or inbound.is_exist_in_system():
		return process()
	append_to = inbound.append_to if inbound.email_account.use_imap else inbound.email_account.append_to
	if append_to == COMPLAINT:  # whoever writes to the complaints' address complains, about whatever
		inbound._reference_document = ""
		return process()
	storing.keep_apart(inbound, append_to, reference)
	return None
