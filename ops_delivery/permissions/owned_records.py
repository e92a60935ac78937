"""The rule of ownership.py as Frappe's hooks of documents: forms, print views, PDFs, web forms, files (6.3.g, 6.3.j)."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import is_staff, may_see, shown_to

# Hooks of has_website_permission: always True or False. Hooks of has_permission: False, or NO_OBJECTION (see framework)
NOT_WHOLE = frozenset(
	{
		"Issue",
		"Service Review",
		"Field Service Sheet",
		"Remote Support Session",
		"Improvement Action",
		"Service Survey",
		"Deliverable",
		"Service Report",
	}
)


def has_website_permission(doc, ptype: str = "read", user: str | None = None, verbose: bool = False) -> bool:
	"""Hook: Frappe's generic doors for the customer's side (print view, PDF, web forms). They show a record whole.

	An Issue has notes, a review has minutes that are not the customer's to read, so for them they stay shut: our pages
	show what is theirs. Staff come through these doors by their roles alone.
	"""
	if doc.doctype == "Issue" and not _guards(doc, user):
		return True  # ERPNext's own hook decides
	if is_staff(user):
		return bool(frappe.has_permission(doc.doctype, ptype, doc=doc, user=user))
	if doc.doctype in NOT_WHOLE:
		return False
	return may_see(doc, user, ptype)


def has_permission(doc, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook: narrows what roles give to users of the customer's side; staff are not touched.

	A request may bring a document of its own making with the name of another's. So it is what is stored that counts, and
	what was brought as well.
	"""
	if doc.doctype == "Issue" and not _guards(doc, user):
		return NO_OBJECTION
	if is_staff(user):
		return NO_OBJECTION
	return NO_OBJECTION if all(may_see(each, user, ptype or "read") for each in (doc, *_stored(doc))) else False


def _stored(doc) -> tuple[Any, ...]:
	"""What the database has under a document's name, if anything."""
	if not doc.get("name") or not frappe.db.exists(doc.doctype, doc.name):
		return ()
	return (frappe.get_doc(doc.doctype, doc.name),)


def _guards(issue: Any, user: str | None) -> bool:
	"""Whether the rule of ownership holds for an Issue of the host: it is ours, or its reader has our portal."""
	user = user or frappe.session.user
	return switches.is_record_ours(issue) or (not is_staff(user) and shown_to(user))


def answer_permission(doc, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook: what was answered, and what else is inside, is for staff; the customer's side sees its own on its pages."""
	return NO_OBJECTION if is_staff(user) else False


def answer_on_website(doc, ptype: str = "read", user: str | None = None, verbose: bool = False) -> bool:
	"""Hook of the website: the same."""
	return is_staff(user)
