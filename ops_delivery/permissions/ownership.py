"""Whose is a record: the one rule for the customer's side (clauses 6.3.g, 6.3.j).

A customer's user sees a request they raised, and those of the customer they belong to where the customer's contacts
may see each other's. Lists, documents, pages, links and endpoints all ask here. Staff (users with a desk) are not
touched by it: what they may see is a matter of roles.

SQL compares without regard to case and accents, so every e-mail match is checked once more exactly.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder import functions as fn
from frappe.utils import parse_addr

from ops_delivery.domain import parties
from ops_delivery.domain.deliverables.life import shown_to_customer
from ops_delivery.domain.service_report import life as report_life
from ops_delivery.permissions import secrecy, switches

EACH_OTHERS = "Each other's requests"
ONLY_OWN = "Only their own requests"
GUEST, ADMINISTRATOR = "Guest", "Administrator"
READ_RIGHTS = frozenset({"read", "select", "print", "email", "report"})


def is_staff(user: str | None = None) -> bool:
	"""Whether the user is on the supplier's side: one who has a desk."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return True
	return (
		bool(user) and user != GUEST and frappe.get_cached_value("User", user, "user_type") == "System User"
	)


def is_staff_address(email: str | None) -> bool:
	"""Whether an e-mail address belongs to a user who is staff."""
	address = plain(email)
	if not address:
		return False
	return any(is_staff(user) for user in frappe.get_all("User", filters={"email": address}, pluck="name", order_by="name"))


def plain(email: str | None) -> str:
	"""The bare address in lower case: of "Chen Jing <CJ@example.com>" it is cj@example.com."""
	return (parse_addr(email)[1] or "").strip().lower() if email else ""


def address_of(user: str) -> str:
	"""The user's own e-mail address, lower case; "" for guests."""
	if not user or user == GUEST:
		return ""
	return plain(frappe.get_cached_value("User", user, "email") or user)


def addresses_of(user: str) -> set[str]:
	"""Every address that is the user's own, lower case: their log-in's, and those of their contact at a customer.

	So what was raised by a second address, or before they were given another, stays theirs. An address that is another
	user's log-in is not theirs, and neither is one that they, or a guest, wrote there themselves.
	"""
	address = address_of(user)
	contacts = own_contacts(user)
	if not contacts:
		return {address} - {""}
	rows = frappe.get_all(
		"Contact Email",
		filters={"parenttype": "Contact", "parent": ["in", sorted(contacts)]},
		fields=["email_id", "owner"],
		order_by="parent, idx",
	)
	others = {plain(row.email_id) for row in rows if row.owner not in (user, GUEST)} - {address, ""}
	taken = frappe.get_all("User", filters={"email": ["in", sorted(others) or [""]]}, pluck="email", order_by="name")
	return {address, *(others - {plain(email) for email in taken})} - {""}


def own_contacts(user: str) -> set[str]:
	"""The contacts at customers that are the user."""
	return {name for name, _customer, _sees_all in _contact_links(user)}


def shown_to(user: str) -> bool:
	"""Whether the portal is switched on for a user of the customer's side; the caller knows that it is no staff."""
	found = switches.now()
	if found.portal in (switches.NOBODY, switches.EVERYBODY):
		return found.portal == switches.EVERYBODY
	if not user or user == GUEST:
		return False
	kept = frappe.flags.setdefault("ops_shown_to", {})
	key = (user, switches.stamp())
	if key not in kept:
		kept[key] = any(found.reaches(switches.PORTAL, customer) for customer in customers_of(user))
	return kept[key]


def customers_of(user: str) -> set[str]:
	"""The customers a user belongs to: as one of their contacts (by user or e-mail) or of their portal users."""
	return set(_memberships(user))


def has_left(address: str | None, customer: str | None) -> bool:
	"""Whether the person behind an e-mail address does not act for a customer any more: their user is disabled, or they
	belong to other customers by now. Somebody of whom nothing is on record, or whose record has no customer, has not.

	To be asked at the moment of acting: a link that was mailed, or an own request of former times, says nothing of today.
	"""
	return lost_access(address) or belongs_elsewhere(address, customer)


def lost_access(address: str | None) -> bool:
	"""Whether the user behind an address is disabled; a contact's further addresses are those of its user. An address that is
	an enabled user's, or that of somebody without a log-in, is still in use."""
	if not (address := plain(address)):
		return False
	users = frappe.get_all("User", filters={"email": address}, pluck="enabled", order_by="name")
	if not users:
		contact, mail, user = (frappe.qb.DocType(name) for name in ("Contact", "Contact Email", "User"))
		users = (
			frappe.qb.from_(mail)
			.inner_join(contact)
			.on(contact.name == mail.parent)
			.left_join(user)
			.on(user.name == contact.user)
			.select(fn.Coalesce(user.enabled, 1))
			.where((mail.parenttype == "Contact") & (mail.email_id == address))
		).run(pluck=True)
	return bool(users) and not any(users)


def belongs_elsewhere(address: str | None, customer: str | None) -> bool:
	"""Whether an address is known as that of people of other customers alone."""
	address = plain(address)
	if not address or not customer:
		return False
	users = frappe.get_all("User", filters={"email": address}, pluck="name", order_by="name")
	found: set[str] = set()
	for user in users or [address]:
		found |= customers_of(user)
	return bool(found) and customer not in found


def colleagues_visible(user: str) -> set[str]:
	"""The customers all of whose requests the user may see."""
	memberships = _memberships(user)
	if not memberships:
		return set()
	chosen = dict(
		frappe.get_all(
			"Customer",
			filters={"name": ["in", list(memberships)]},
			fields=["name", "ops_request_visibility"],
			order_by="name",
			as_list=True,
		)
	)
	default = frappe.db.get_single_value("Ops Delivery Settings", "request_visibility") or EACH_OTHERS
	return {
		customer
		for customer, sees_all in memberships.items()
		if sees_all or (chosen.get(customer) or default) == EACH_OTHERS
	}


def may_see(doc: Any, user: str | None = None, ptype: str = "read") -> bool:
	"""Whether a user of the customer's side may see (and answer) a record of ours or an Issue. Always a bool.

	Staff get True: their roles decide elsewhere. Whoever may see a request may answer for the customer; nothing else
	of ours may be written from that side.
	"""
	user = user or frappe.session.user
	if is_staff(user):
		return True
	if not user or user == GUEST:
		return False
	if doc.doctype != "Issue" and ptype not in READ_RIGHTS:
		return False
	if doc.doctype == "Service Review":
		return _may_see_review(doc, user)
	if doc.doctype == "Service Survey":
		return _may_see_survey(doc, user)
	if doc.doctype == "Service Report" and not (doc.get("status") in report_life.SHOWN and secrecy.on_portal(doc, user)):
		return False
	if doc.doctype == "Deliverable" and not (shown_to_customer(doc.get("audience"), doc.get("status")) and secrecy.on_portal(doc, user)):
		return False
	request = _request_of(doc)
	if request is None:
		return bool(doc.get("customer")) and doc.get("customer") in colleagues_visible(user)
	if _is_own(request, user):
		return True
	return bool(request.customer) and request.customer in colleagues_visible(user)


def _is_own(request: Any, user: str) -> bool:
	"""Whether a request was raised by the user, by whichever of their addresses, or for them.

	Of a customer's request nothing is theirs who belongs to other customers alone, whoever's address stands on it.
	"""
	raised_by = (request.raised_by or "").strip().lower()
	if raised_by and (raised_by == address_of(user) or raised_by in addresses_of(user)):
		members = customers_of(user)
		if not request.customer or not members or request.customer in members:
			return True
	return bool(request.contact) and request.contact in own_contacts(user) and request.customer in customers_of(user)


def _may_see_review(review: Any, user: str) -> bool:
	"""The customer's reviews alone, never those inside; also for who is asked by name but sees only own requests."""
	if review.party != "Customer" or not review.customer or secrecy.shut_on_portal(review.get("reference_doctype"), review.get("reference_name"), user):
		return False
	if review.customer in colleagues_visible(user):
		return True
	return review.customer in customers_of(user) and any(row.user == user for row in review.participants)


def _may_see_survey(survey: Any, user: str) -> bool:
	"""Who was asked; where nobody was asked by address, those who see all of the customer's."""
	if address := plain(survey.person_email):
		return address in addresses_of(user)
	return bool(survey.customer) and survey.customer in colleagues_visible(user)


def _memberships(user: str) -> dict[str, bool]:
	"""Customer -> whether the user sees all of its requests by their own contact's setting.

	services/administration/membership.py keeps who has no desk from making such links; those from before it ruled are told by their owner.
	"""
	if not address_of(user):
		return {}
	found: dict[str, bool] = {}
	for _contact, customer, sees_all in _contact_links(user):
		found[customer] = found.get(customer, False) or sees_all
	portal_user = frappe.qb.DocType("Portal User")
	for member, customer in (
		frappe.qb.from_(portal_user)
		.select(portal_user.user, portal_user.parent)
		.where((portal_user.user == user) & (portal_user.parenttype == "Customer"))
		.orderby(portal_user.parent)
	).run():
		if member == user:
			found.setdefault(customer, False)
	return found


def contacts_with_customers(user: str) -> list[tuple[str, str]]:
	"""(contact, customer): the contacts that are the user, for each customer they belong to."""
	return [(contact, customer) for contact, customer, _sees_all in _contact_links(user)]


def _contact_links(user: str) -> list[tuple[str, str, bool]]:
	"""The contacts that are the user, and the customers each belongs to: (contact, customer, sees all its requests)."""
	address = address_of(user)
	if not address:
		return []
	contact, link, mail, party = (
		frappe.qb.DocType(name) for name in ("Contact", "Dynamic Link", "Contact Email", "Customer")
	)
	rows = (
		frappe.qb.from_(contact)
		.inner_join(link)
		.on(
			(link.parent == contact.name) & (link.parenttype == "Contact") & (link.link_doctype == "Customer")
		)
		.inner_join(party)
		.on(party.name == link.link_name)
		.left_join(mail)
		.on((mail.parent == contact.name) & (mail.parenttype == "Contact"))
		.select(
			contact.name,
			contact.user,
			contact.email_id,
			mail.email_id,
			link.link_name,
			contact.ops_sees_all_requests,
			link.owner,
			party.owner,
		)
		.where((contact.user == user) | (contact.email_id == address) | (mail.email_id == address))
		.orderby(contact.name)
	).run()
	found = []
	for name, linked_user, email, other_email, customer, sees_all, linked_by, made_by in rows:
		if linked_by in (user, GUEST) and linked_by != made_by:
			continue  # nobody makes themselves a member, but of the customer that a shop made for them
		if linked_user == user or address in (plain(email), plain(other_email)):
			found.append((name, customer, bool(sees_all)))
	return found


def _request_of(doc: Any) -> frappe._dict | None:
	"""Who raised the Issue a record belongs to, and for which customer; None where it belongs to no Issue."""
	if doc.doctype == "Issue":
		return frappe._dict(raised_by=doc.get("raised_by"), contact=doc.get("contact"), customer=doc.get("customer"))
	about = tuple(doc.get(field) for field in parties.of(doc.doctype).about)
	if not about or about[0] != "Issue" or not about[1]:
		return None
	nobody = frappe._dict(raised_by=None, contact=None, customer=None)
	return frappe.db.get_value("Issue", about[1], ["raised_by", "contact", "customer"], as_dict=True) or nobody
