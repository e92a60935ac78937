"""Who is asked to review, and how they are told: persons of a role inside, the customer's people outside (6.4.b, 6.5.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from ops_delivery.permissions.ownership import ADMINISTRATOR, GUEST, plain
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.reviews.content import authors
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.reviews.rules import CUSTOMER
from ops_delivery.services.shared import role_holders, todos

DOCTYPE = "Service Review"
REQUESTED, CONCLUDED = "ops_review_requested", "ops_review_concluded"


def people(rule, doc) -> list[dict[str, Any]]:
	"""Whom a rule asks about a document: {user, full_name, email} each, never an author, only who can log in.

	At the customer it is everybody who belongs to it; where none of them can log in, its first contact, whose
	decision staff record.
	"""
	if rule.party == CUSTOMER:
		return at_customer(doc.get("customer"))
	wrote = authors(doc)
	if named := _named(doc, wrote):
		return named
	users = role_holders.enabled(role_holders.with_role(rule.role) - wrote - {ADMINISTRATOR, GUEST})
	return [user for user in users if user.pop("user_type") == "System User"]


def _named(doc, wrote: set[str]) -> list[dict[str, Any]]:
	"""The reviewer whom the document itself names, unless they wrote on it or left: then the role is asked."""
	field = REGISTRY[doc.doctype].reviewer_field
	user = doc.get(field) if field else None
	found = role_holders.enabled({user} - wrote) if user else []
	return [one for one in found if one.pop("user_type") == "System User"]


def refuse_without(rule, doc) -> None:
	"""Nobody can be asked: say whom it takes, and save nothing."""
	frappe.throw(
		nobody(rule, doc, lambda text: frappe.bold(escape_html(text))), title=_("Review without participants")
	)


def nobody(rule, doc, shown: Callable[[str], str] = str) -> str:
	"""That nobody can be asked for a rule's review, and the way out; `shown` marks the names."""
	if rule.party == CUSTOMER:
		return _("{0}: {1} has no contact who could review. Add a contact to the customer first.").format(
			shown(_(rule.name)), shown(doc.get("customer") or _("(no customer)"))
		)
	return _(
		"{0}: nobody but the authors has the role {1}. Give it to someone else, or change the review rule."
	).format(shown(_(rule.name)), shown(_(rule.role)))


def ask(review) -> None:
	"""Assign a new review to its people inside, and tell everybody (Frappe Notifications on Service Review)."""
	if review.party != CUSTOMER:
		for row in review.participants:
			if row.user:
				assign(review, row.user)
	notices.post(DOCTYPE, review.name, REQUESTED, new=True)


def assign(review, user: str) -> None:
	"""A ToDo on the review for one person."""
	todos.give(
		review,
		user,
		escape_html(f"{review.reference_name}: {review.reference_title or ''}"),
		getdate(review.due_on) if review.due_on else None,
	)


def release(review, user: str | None = None) -> None:
	"""Close the ToDos of a review: of one person who has decided, or of all."""
	todos.close(review, user)


def holds_role(user: str, role: str | None) -> bool:
	"""Whether a user has the role a review asks for."""
	return bool(role) and role in frappe.get_roles(user)


def at_customer(customer: str | None) -> list[dict[str, Any]]:
	"""The customer's people who can log in; where there are none, its first contact."""
	if not customer:
		return []
	contact, link = frappe.qb.DocType("Contact"), frappe.qb.DocType("Dynamic Link")
	contacts = (
		frappe.qb.from_(contact)
		.inner_join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(contact.user, contact.full_name, contact.name, contact.email_id)
		.where((link.link_doctype == "Customer") & (link.link_name == customer))
		.orderby(contact.is_primary_contact, order=frappe.qb.desc)
		.orderby(contact.creation)
	).run(as_dict=True)
	members = frappe.get_all(
		"Portal User", filters={"parent": customer, "parenttype": "Customer"}, pluck="user", order_by="idx"
	)
	users = role_holders.enabled({row.user for row in contacts if row.user} | set(members))
	found = [user for user in users if user.pop("user_type") == "Website User"]
	if found or not contacts:
		return found
	first = contacts[0]
	return [{"user": None, "full_name": first.full_name or first.name, "email": plain(first.email_id)}]
