"""Who stands for the customer on a request: whom we tell, and who may answer (clauses 5.3.c, 6.3.f, 6.3.g)."""

from __future__ import annotations

import frappe
from frappe import _

from ops_delivery.permissions import ownership, switches
from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services.scope import issue_scope as ours

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


def find_sender(doc) -> None:
	"""Before an Issue is made: whoever writes from a second address of theirs is known by it, too.

	ERPNext looks at first addresses alone, and at none where the customer is given. Where several customers have the
	address, staff choose. The contact stays the person when an address is changed.
	"""
	if not doc.is_new() or doc.get("contact") or not switches.now().measuring:
		return
	address = plain(doc.raised_by)
	if not address or is_staff_address(address):
		return
	found = {
		(contact, customer)
		for contact, customer in _contacts_at(address) or _contacts_of_user(address)
		if doc.get("customer") in (None, "", customer)
	}
	if len({customer for _contact, customer in found}) != 1:
		return
	# an address may stand on several contacts: it is first of all whose main one it is
	main = frappe.get_all(
		"Contact",
		filters={"name": ["in", sorted(name for name, _customer in found)], "email_id": address},
		pluck="name",
		order_by="name",
	)
	contact, customer = min(found, key=lambda one: (one[0] not in main, one))
	if ours.is_ours(frappe._dict(doc.as_dict(), customer=customer)):
		doc.update({"contact": contact, "customer": customer})


def _contacts_at(address: str) -> list[tuple[str, str]]:
	"""(contact, customer): the contacts that have an address."""
	mail, link = frappe.qb.DocType("Contact Email"), frappe.qb.DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(mail)
		.join(link)
		.on((link.parent == mail.parent) & (link.parenttype == "Contact") & (link.link_doctype == "Customer"))
		.select(mail.parent, link.link_name, mail.email_id)
		.where(mail.email_id == address)
		.orderby(mail.parent)
	).run()
	return [(contact, customer) for contact, customer, email in rows if plain(email) == address]


def _contacts_of_user(address: str) -> list[tuple[str, str]]:
	"""(contact, customer): those of the user who logs in with an address. A user who is renamed keeps the contact, and the
	contact its old address."""
	user = frappe.db.get_value("User", {"email": address, "enabled": 1}, "name")
	return ownership.contacts_with_customers(user) if user and plain(user) == address else []


def is_known(address: str | None) -> bool:
	"""Whether an address is that of a user here or of somebody's contact."""
	address = plain(address)
	if not address:
		return False
	return any(
		plain(found) == address
		for doctype, field in (("User", "email"), ("Contact Email", "email_id"))
		for found in frappe.get_all(doctype, filters={field: address}, pluck=field, limit=5, order_by="name")
	)


def address_for(doc) -> str:
	"""Who raised the report; if that was staff (or nobody), the contact, else the customer's primary contact."""
	customer = doc.get("customer")
	raised_by = plain(doc.raised_by)
	if raised_by and "@" in raised_by and _may_be_told(raised_by, customer):
		return raised_by
	contacts = [doc.get("contact")]
	if doc.get("customer"):
		contacts.append(frappe.get_cached_value("Customer", doc.customer, "customer_primary_contact"))
	for contact in filter(None, contacts):
		address = plain(frappe.get_cached_value("Contact", contact, "email_id"))
		if address and _may_be_told(address, customer):
			return address
	return ""


def _may_be_told(address: str, customer: str | None) -> bool:
	return not is_staff_address(address) and not ownership.has_left(address, customer)


def look_up_late(doc) -> None:
	"""Somebody is about to be told: an Issue without an address gets the one that has become known since, and so does
	one whose person has left the customer, or lost the access."""
	if doc.doctype != "Issue":
		return
	told = plain(doc.ops_customer_email)
	if told and not ownership.has_left(told, doc.customer):
		return
	found = address_for(doc)
	if found:
		doc.ops_customer_email = found
		frappe.db.set_value(
			"Issue", doc.name, "ops_customer_email", doc.ops_customer_email, update_modified=False
		)


def customer_for(user: str) -> str | None:
	"""The customer a user of the customer's side raises a request for; None where they belong to none.

	Who belongs to several gets the first by name; the portal asks.
	"""
	return min(ownership.customers_of(user), default=None)
