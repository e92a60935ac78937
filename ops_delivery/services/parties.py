"""Who stands for the customer on a request: whom we tell, and who may answer (clauses 5.3.c, 6.3.f, 6.3.g)."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.permissions import ownership
from ops_delivery.permissions.ownership import is_staff_address, plain

TRACKED = ("raised_by", "contact", "customer")


def fill_customer_address(doc) -> None:
	"""Before an Issue is validated: settle whom we tell. An address entered by hand stands until the report's own
	people change; one that belongs to staff is refused. Saves that change neither look nothing up."""
	before = doc.get_doc_before_save()
	entered = plain(doc.ops_customer_email)
	moved = before is not None and any(before.get(field) != doc.get(field) for field in TRACKED)
	untouched = before is not None and before.get("ops_customer_email") == doc.ops_customer_email
	if untouched and not moved:
		return
	if not entered or (moved and untouched):
		doc.ops_customer_email = address_for(doc)
	elif not untouched and is_staff_address(entered):
		frappe.throw(
			_(
				"{0} {1} belongs to a colleague who works at the desk. Enter the address of someone at the customer, or leave it blank."
			).format(
				frappe.bold(_(doc.meta.get_label("ops_customer_email"), context=doc.doctype)),
				frappe.bold(frappe.utils.escape_html(entered)),
			),
			title=_("Not the customer's address"),
		)


def address_for(doc) -> str:
	"""Who raised the report; if that was staff (or nobody), the contact, else the customer's primary contact."""
	raised_by = plain(doc.raised_by)
	if raised_by and "@" in raised_by and not is_staff_address(raised_by):
		return raised_by
	contacts = [doc.get("contact")]
	if doc.get("customer"):
		contacts.append(frappe.get_cached_value("Customer", doc.customer, "customer_primary_contact"))
	for contact in filter(None, contacts):
		address = plain(frappe.get_cached_value("Contact", contact, "email_id"))
		if address and not is_staff_address(address):
			return address
	return ""


def look_up_late(doc) -> None:
	"""Somebody is about to be told: an Issue without an address gets the one that has become known since."""
	if doc.doctype != "Issue" or plain(doc.ops_customer_email):
		return
	doc.ops_customer_email = address_for(doc)
	if doc.ops_customer_email:
		frappe.db.set_value(
			"Issue", doc.name, "ops_customer_email", doc.ops_customer_email, update_modified=False
		)


def customer_for(user: str) -> str | None:
	"""The customer a user of the customer's side raises a request for; None where they belong to none.

	Who belongs to several gets the first by name; the portal asks.
	"""
	return min(ownership.customers_of(user), default=None)
