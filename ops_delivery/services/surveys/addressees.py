"""Whom a survey asks: people at the customer, never staff, and not too often (5.4.c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import add_days

from ops_delivery.permissions.ownership import address_of, has_left, is_staff_address, plain
from ops_delivery.services.scope import customer_contacts as parties
from ops_delivery.services.shared.locale import text, user_of
from ops_delivery.services.shared.site_time import site_now

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
		return [person for person in _contacts(customer) if _is_there(person, customer)] or [Person("")]
	asked = (_asker(doc) if ask == ASKER else None, _main_contact(customer))
	there = (person for person in asked if person and _is_there(person, customer))
	return [next(there, None) or _without_address(doc)]


def _is_there(person: Person, customer: str) -> bool:
	"""Whoever has left the customer, or lost the access, is asked nothing."""
	return not has_left(person.email, customer)


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
	return next(
		iter((_people(_contact_rows(customer, chosen)) if chosen else []) or _contacts(customer)), None
	)


def _contacts(customer: str) -> list[Person]:
	"""Who belongs to the customer: its contacts, then its portal users; each address once."""
	return _people([*_contact_rows(customer), *_portal_rows(customer)])


def _people(rows: list[frappe._dict]) -> list[Person]:
	"""Those rows that have an address (their own or their user's) and are not staff."""
	for row in rows:
		row.address = plain(row.email_id) or address_of(row.user or "")
	staff = _staff({row.address for row in rows})
	found: dict[str, Person] = {}
	for row in rows:
		if row.address and row.address not in staff:
			name = text(row.full_name or row.first_name or row.address)
			found.setdefault(row.address, Person(name, row.address, row.mobile_no or row.phone or ""))
	return list(found.values())


def _contact_rows(customer: str, name: str | None = None) -> list[frappe._dict]:
	"""The contacts that are linked with a customer; or the one of that name, linked or not."""
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	linked = (
		frappe.qb.from_(link)
		.select(link.parent)
		.where(
			(link.parenttype == "Contact") & (link.link_doctype == "Customer") & (link.link_name == customer)
		)
	)
	return (
		frappe.qb.from_(contact)
		.select(contact.email_id, contact.user, contact.full_name, contact.first_name)
		.select(contact.mobile_no, contact.phone)
		.where(contact.name == name if name else contact.name.isin(linked))
		.orderby(contact.creation)
		.orderby(contact.name)
		.limit(MOST_PEOPLE)
	).run(as_dict=True)


def _portal_rows(customer: str) -> list[frappe._dict]:
	"""The enabled portal users of a customer, in the same columns."""
	portal, user = frappe.qb.DocType("Portal User"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(portal)
		.join(user)
		.on(user.name == portal.user)
		.select(user.email.as_("email_id"), portal.user, user.full_name, user.first_name)
		.select(user.mobile_no, user.phone)
		.where((portal.parenttype == "Customer") & (portal.parent == customer) & (user.enabled == 1))
		.orderby(portal.idx)
		.limit(MOST_PEOPLE)
	).run(as_dict=True)


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
