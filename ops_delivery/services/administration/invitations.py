"""The invitation of a customer's new user speaks their language; who invites is answered in their own (clause 6.3.f)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.permissions import ownership, switches
from ops_delivery.services.shared.locale import language_of, reading


@contextmanager
def by_contact() -> Iterator[None]:
	"""Within, users are made of contacts: nobody chooses their language, and what Frappe fills in is the site's."""
	frappe.flags.ops_by_contact = True
	try:
		yield
	finally:
		frappe.flags.ops_by_contact = False


def before_insert(doc: Any, _method: str | None = None) -> None:
	"""doc_events User.before_insert: somebody of a customer for whom the portal or messages are switched on is welcomed in
	the language chosen for them, else in their customer's. Only the mail: what is refused is said to who invites."""
	if doc.user_type != "Website User" or not cint(doc.send_welcome_email):
		return
	now = switches.now()
	if switches.NOBODY == now.portal == now.messages:
		return
	customer = _customer_of(ownership.plain(doc.email))
	if not customer or not (now.reaches(switches.PORTAL, customer) or now.reaches(switches.MESSAGES, customer)):
		return
	spoken = frappe.get_cached_value("Customer", customer, "language")
	if spoken and (frappe.flags.ops_by_contact or not doc.language):
		doc.language = spoken
	language, welcome = doc.language or language_of(None, customer), doc.send_welcome_mail_to_user

	def in_their_language(*args: Any, **kwargs: Any) -> Any:
		with reading(language):
			return welcome(*args, **kwargs)

	doc.send_welcome_mail_to_user = in_their_language


def after_save(doc: Any, _method: str | None = None) -> None:
	"""doc_events User.on_update: the user is plain again, as Frappe hands it to a worker with the commit."""
	doc.__dict__.pop("send_welcome_mail_to_user", None)


def _customer_of(address: str) -> str | None:
	"""The first customer among whose contacts an address is."""
	mail, link = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Dynamic Link")
	found = (
		frappe.qb.from_(mail)
		.join(link)
		.on((link.parent == mail.parent) & (link.parenttype == "Contact") & (link.link_doctype == "Customer"))
		.select(link.link_name)
		.where((mail.parenttype == "Contact") & (mail.email_id == address))
		.orderby(mail.parent, link.idx)
		.limit(1)
	).run()
	return found[0][0] if address and found else None
