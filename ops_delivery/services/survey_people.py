"""Whom a survey asks: people at the customer, never staff, and not too often (5.4.c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import add_days

from ops_delivery.permissions.ownership import is_staff_address, plain
from ops_delivery.services import parties
from ops_delivery.services.reader import text, user_of
from ops_delivery.services.time import site_now

ASKER, MAIN, ALL = "Who Asked for It", "Main Contact of the Customer", "All Contacts of the Customer"
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Person:
	"""Somebody at the customer; without an address they are asked by phone, or answer on the portal."""

	name: str
	email: str = ""
	phone: str = ""

	@property
	def key(self) -> str:
		"""What tells one person from another in a survey's key."""
		return self.email or self.name


def whom(ask: str, doc: Any) -> list[Person]:
	"""The people a rule asks about a record; empty where the record has no customer."""
	customer = doc.get("customer")
	if not customer:
		return []
	if ask == ALL:
		return _contacts(customer) or [Person("")]
	person = _asker(doc) if ask == ASKER else None
	return [person or _main_contact(customer) or _without_address(doc)]


def rests(person: Person, customer: str | None, days: int) -> bool:
	"""Whether a person was asked anything within so many days."""
	if days <= 0 or not person.key:
		return False
	field = "person_email" if person.email else "person_name"
	filters = {
		field: person.key,
		"asked_on": [">", add_days(site_now(), -days)],
		"state": ["!=", "Withdrawn"],
	}
	if not person.email:
		filters["customer"] = customer
	return bool(frappe.db.exists("Service Survey", filters))


def _asker(doc: Any) -> Person | None:
	"""Who raised the request a record belongs to."""
	if doc.doctype == "Issue":
		address = plain(doc.get("ops_customer_email")) or parties.address_for(doc)
	elif doc.get("reference_doctype") == "Issue" and doc.get("reference_name"):
		address = plain(frappe.db.get_value("Issue", doc.reference_name, "ops_customer_email"))
	else:
		return None
	return _at(address) if address and not is_staff_address(address) else None


def _at(address: str) -> Person:
	user = user_of(address)
	contact = frappe.db.get_value(
		"Contact", {"email_id": address}, ["full_name", "first_name", "mobile_no", "phone"], as_dict=True
	)
	name = (contact and (contact.full_name or contact.first_name)) or (
		user and frappe.get_cached_value("User", user.name, "full_name")
	)
	return Person(text(name or address), address, (contact and (contact.mobile_no or contact.phone)) or "")


def _main_contact(customer: str) -> Person | None:
	chosen = frappe.get_cached_value("Customer", customer, "customer_primary_contact")
	people = _contacts(customer, chosen) if chosen else []
	return next(iter(people or _contacts(customer)), None)


def _contacts(customer: str, name: str | None = None) -> list[Person]:
	"""The customer's contacts that have an address and are not staff, each address once."""
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	query = (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(contact.email_id, contact.full_name, contact.first_name, contact.mobile_no, contact.phone)
		.where((link.link_doctype == "Customer") & (link.link_name == customer) & (contact.email_id != ""))
		.orderby(contact.creation)
		.orderby(contact.name)
		.limit(MOST_PEOPLE)
	)
	if name:
		query = query.where(contact.name == name)
	rows = query.run(as_dict=True)
	staff = _staff({plain(row.email_id) for row in rows})
	found: dict[str, Person] = {}
	for row in rows:
		address = plain(row.email_id)
		if address and address not in staff:
			name_of = text(row.full_name or row.first_name or address)
			found.setdefault(address, Person(name_of, address, row.mobile_no or row.phone or ""))
	return list(found.values())


def _staff(addresses: set[str]) -> set[str]:
	"""Those of the addresses that belong to users with a desk, in one query."""
	rows = frappe.get_all(
		"User",
		filters={"email": ["in", sorted(addresses) or [""]], "user_type": "System User"},
		pluck="email",
		order_by="name",
	)
	return {plain(email) for email in rows}


def _without_address(doc: Any) -> Person:
	"""Whoever the record names, with a phone number."""
	phone = doc.get("contact_phone") or ""
	return Person(text(doc.get("contact_person") or ""), "", phone)
