"""Who has a part in a record and may write into it by mail (5.3.c, 6.3.j): a number, an id or an address alone is no part."""

from __future__ import annotations

import frappe

from ops_delivery.domain import mail_headers, parties
from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import plain
from ops_delivery.services.scope import issue_scope as ours

MESSAGE, COMPLAINT, MODULE = "Communication", "Service Complaint", "Ops Delivery"

Reference = tuple[str, str]


def guards(reference: Reference) -> bool:
	"""Whether who writes into a record is ours to ask."""
	doctype, name = reference
	if doctype == ours.ISSUE:
		return ours.is_issue_ours(name)
	return frappe.get_meta(doctype).module == MODULE


def has_part(reference: Reference, address: str | None) -> bool:
	"""Whether an address has a part in a record: its customer's people, who wrote or was written to about it, our staff.

	Whoever lost their access has none, whatever they wrote before: their mailbox may be in other hands.
	"""
	address = plain(address)
	if not address or not frappe.db.exists(*reference) or ownership.lost_access(address):
		return False
	doctype, name = reference
	found = parties.of(doctype)
	fields = [field for field in (*found.persons, found.customer) if field]
	row = frappe.db.get_value(doctype, name, fields, as_dict=True) if fields else frappe._dict()
	if any(plain(row.get(field)) == address for field in found.persons) or ownership.is_staff_address(address):
		return True
	if row.get("customer") and doctype != COMPLAINT and row.customer in _customers_of(address):
		return True
	return _took_part(reference, address)


def _customers_of(address: str) -> set[str]:
	users = frappe.get_all("User", filters={"email": address}, pluck="name", order_by="name")
	found: set[str] = set()
	for user in users or [address]:
		found |= ownership.customers_of(user)
	return found


def _took_part(reference: Reference, address: str) -> bool:
	"""Whether somebody wrote about it, or stands among those to whom it was written by people."""
	rows = frappe.get_all(
		MESSAGE,
		filters={"reference_doctype": reference[0], "reference_name": reference[1], "communication_type": "Communication"},
		fields=["sender", "recipients", "cc"],
		order_by="creation desc",
		limit=200,
	)
	return any(address in mail_headers.addresses(filter(None, (row.sender, row.recipients, row.cc))) for row in rows)
