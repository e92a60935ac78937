"""The customer's ways to a complaint: its page, a signed link, and the link by which one is made (5.4.d).

A link made for a complaint lets its addressee read and answer that complaint. A link made for a request, visit or
session lets the addressee of its mails make a complaint about it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url
from frappe.utils.data import quoted

from ops_delivery.domain import parties
from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services.complaints.types import DOCTYPE
from ops_delivery.services.outbox import sending as notice_sending
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared import signed_link

PURPOSE, PAGE = "complaint", "complaint"
ACTION = "Improvement Action"
ABOUT = (DOCTYPE, "Issue")  # what a link is made for; besides, improvement actions


def link(doc: Any) -> str:
	"""Where the reader of a message goes: the signed link where the message is for that one person alone, else the page
	for those who log in. For a complaint: its page; for an Issue: a new complaint about it."""
	party = record_parties.person_of(doc) if doc.doctype in ABOUT else ""
	if party and notice_sending.addressees() == [party] and not is_staff_address(party):
		return signed_link.url(PAGE, signed_link.make(PURPOSE, doc.doctype, doc.name, party))
	if doc.doctype == DOCTYPE:
		return get_url(f"/complaints/{quoted(doc.name)}")
	return get_url(f"/complaints/new?about={quoted(doc.doctype)}&name={quoted(doc.name)}")


def action_link(doc: Any) -> str:
	"""The customer's page of an improvement action: a signed link where the message is for one of those it is told to
	alone, else the page for those who log in."""
	alone = notice_sending.addressees()
	if len(alone) == 1 and alone[0] in people_of_action(doc):
		return signed_link.url(PAGE, signed_link.make(PURPOSE, doc.doctype, doc.name, alone[0]))
	return get_url(f"/improvements/{quoted(doc.name)}")


refuse_another_log_in = signed_link.refuse_another_log_in


def read(token: str) -> tuple[signed_link.Link, Any]:
	"""What a link is for: (link, document). InvalidLink unless the addressee is still the record's own."""
	found = signed_link.read(token, PURPOSE)
	known = found.doctype in ABOUT or found.doctype == ACTION
	doc = (
		frappe.get_doc(found.doctype, found.name)
		if known and frappe.db.exists(found.doctype, found.name)
		else None
	)
	if not doc or found.party not in _parties(doc) or is_staff_address(found.party):
		raise signed_link.InvalidLink(
			_("This link is not valid any more: someone else answers for this request now.")
		)
	signed_link.refuse_who_left(found.party, doc.get("customer"))
	return found, doc


def _parties(doc: Any) -> list[str]:
	return people_of_action(doc) if doc.doctype == ACTION else [record_parties.person_of(doc)]


def people_of_action(doc: Any) -> list[str]:
	"""Whom at the customer an improvement action is told to: who complained or reported, else all who may review."""
	if doc.source_doctype in ABOUT:
		field = parties.of(doc.source_doctype).persons[0]
		address = plain(frappe.db.get_value(doc.source_doctype, doc.source_name, field))
		return [address] if address and not is_staff_address(address) else []
	if not doc.customer:
		return []
	return [plain(row["email"]) for row in review_people.at_customer(doc.customer) if row["email"]]


def may_see(doc: Any, user: str) -> bool:
	"""Whether a complaint is the user's own: nobody else's at the customer, as it may be about them, too."""
	return bool(doc.raised_by) and not ownership.is_staff(user) and plain(doc.raised_by) in ownership.addresses_of(user)
