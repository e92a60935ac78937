"""Who takes no mail from this site: Frappe leaves them out without a word, and a notice says so (5.3.c).

Mails that an agreement needs carry no way to leave them: neither our notices nor what staff write to the customer of a request
of ours. Frappe's other mails keep theirs.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ops_delivery.services.outbox import mail_queue as mail


def lines(doc: Any, addresses: list[str]) -> list[str]:
	"""Of addresses that a mail about a record was not made for, those that take none, each with the reason; one query, and
	none where everybody is reached."""
	if not addresses:
		return []
	row = frappe.qb.DocType("Email Unsubscribe")
	about = (row.reference_doctype == doc.doctype) & (row.reference_name == doc.name)
	found = (
		frappe.qb.from_(row)
		.select(row.email)
		.where(row.email.isin(addresses) & (about | (row.global_unsubscribe == 1)))
		.distinct()
	).run(pluck=True)
	reason = _("takes no e-mail from this site: see Email Unsubscribe")
	return [f"{address}: {reason}" for address in addresses if address in found]


def offer_nothing(communication: Any) -> None:
	"""What is written about a request of ours has no link to leave the conversation (Frappe asks the message for its words)."""
	doctype, name = communication.reference_doctype, communication.reference_name
	if doctype and name and mail.is_about_ours(frappe._dict(reference_doctype=doctype, reference_name=name)):
		communication.get_unsubscribe_message = _no_words


def _no_words() -> str:
	return ""
