"""Who makes somebody a member of a customer: staff alone, and what they did is kept (clause 6.3.g).

A contact's links, user and addresses, and a customer's portal users, decide whose requests somebody reads and whose
results they accept (permissions/ownership.py). ERPNext lets every user keep contacts of their own, so a user without the
desk, and a guest, cannot set these here, on whatever way in: form, web form, API, a single child row.

Where we serve nobody yet, nothing is refused: an installed app changes nothing before it is used.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from ops_delivery.permissions import ownership, reach, steps
from ops_delivery.permissions.ownership import GUEST, plain

CHANGE = "Service Membership Change"
JOINED, LEFT = "Added", "Removed"
OUR_PREFIX = "ops_"


def guard_contact(doc: Any, _method: str | None = None) -> None:
	"""doc_events Contact.before_validate: what decides about membership is not changed by who has no desk."""
	user = frappe.session.user
	stored = None if doc.is_new() else doc.get_doc_before_save() or frappe.get_doc("Contact", doc.name)
	_stamp_new_rows(doc, user)
	if not _is_outsider(user) or not reach.is_in_use():
		return
	if stored is None:
		_guard_new_contact(doc, user)
		return
	if not all(_made_by(*link, user) for link in _links(doc) - _links(stored)):
		_refuse(doc.name, _("Links"))
	if not _customers(stored):
		return  # nobody's member; staff look at it when they link it
	unchanged = {
		_("Links"): _links(doc) == _links(stored),
		_("Email Addresses"): _addresses(doc) == _addresses(stored),
		_("User"): (doc.user or "") == (stored.user or "") or _is_users_own(stored, doc.user),
		_("What we decide"): _our_fields(doc) == _our_fields(stored),
	}
	for what, same in unchanged.items():
		if not same:
			_refuse(doc.name, what)


def guard_customer(doc: Any, _method: str | None = None) -> None:
	"""doc_events Customer.before_validate: the same for its portal users and our fields."""
	user = frappe.session.user
	if not _is_outsider(user) or not reach.is_in_use():
		return
	if doc.is_new():
		others = {row.user for row in doc.get("portal_users") or []} - {user}
		if others:
			_refuse(doc.get("customer_name"), _("Portal Users", context="Ops Delivery"))
		return
	stored = doc.get_doc_before_save() or frappe.get_doc("Customer", doc.name)
	if _portal_users(doc) != _portal_users(stored):
		_refuse(doc.name, _("Portal Users", context="Ops Delivery"))
	if _our_fields(doc) != _our_fields(stored):
		_refuse(doc.name, _("What we decide"))


def guard_row(doc: Any, _method: str | None = None) -> None:
	"""doc_events of Dynamic Link, Contact Email and Portal User: a row saved or deleted by itself passes its parent by."""
	if (
		_is_outsider(frappe.session.user)
		and doc.get("parenttype") in ("Contact", "Customer")
		and reach.is_in_use()
	):
		_refuse(doc.get("parent"), _(doc.doctype))


def guard_deletion(doc: Any, _method: str | None = None) -> None:
	"""doc_events Contact.on_trash: who was whose contact is not taken back by who has no desk."""
	if _is_outsider(frappe.session.user) and _customers(doc) and reach.is_in_use():
		frappe.throw(
			_("{0} is a contact of {1} and is deleted by us alone. Tell us if it is out of date.").format(
				frappe.bold(escape_html(doc.name)),
				frappe.bold(escape_html(", ".join(sorted(_customers(doc))))),
			),
			frappe.PermissionError,
		)


def note_contact(doc: Any, _method: str | None = None) -> None:
	"""doc_events Contact.on_update: keep who became a member of a customer we serve, or is one no more."""
	_note(_members(doc.get_doc_before_save()), _members(doc), doc.doctype, doc.name)


def note_customer(doc: Any, _method: str | None = None) -> None:
	"""doc_events Customer.on_update: the same for its portal users."""
	before = doc.get_doc_before_save()
	_note(_portal_members(before), _portal_members(doc), doc.doctype, doc.name)


def note_deletion(doc: Any, _method: str | None = None) -> None:
	"""doc_events Contact.after_delete."""
	_note(_members(doc), set(), doc.doctype, doc.name)


def check_change(doc: Any) -> None:
	"""The rule of Service Membership Change: written here, and evidence from then on."""
	if not (doc.is_new() and steps.is_taken(doc)):
		frappe.throw(
			_("Who belongs to a customer is noted by itself when a contact or a customer is saved."),
			frappe.PermissionError,
		)


def refuse_deletion(doc: Any) -> None:
	"""The same for its deletion."""
	frappe.throw(_("Who belonged to a customer is evidence and cannot be deleted."), frappe.PermissionError)


def _is_outsider(user: str) -> bool:
	return user == GUEST or reach.has_no_desk(user)


def _guard_new_contact(doc: Any, user: str) -> None:
	"""A new contact may be one's own: of oneself, of the user who is just being made, of a party one made oneself."""
	for row in doc.get("links") or []:
		if not _made_by(row.link_doctype, row.link_name, user):
			_refuse(doc.get("first_name"), _("Links"))
	asked_for = user != GUEST and not doc.flags.ignore_permissions  # not by a form or by code of the host
	if asked_for and _addresses(doc) - {ownership.address_of(user)}:
		_refuse(doc.get("first_name"), _("Email Addresses"))
	if doc.user and not _is_users_own(doc, doc.user):
		_refuse(doc.get("first_name"), _("User"))
	for field in doc.meta.fields:  # what is ours is as by default
		if field.fieldname.startswith(OUR_PREFIX):
			doc.set(field.fieldname, field.default)


def _made_by(doctype: str, name: str, user: str) -> bool:
	"""Whether the user made the party: ERPNext's sign-up and shops make a customer for who comes, a form makes a lead."""
	if user == GUEST and doctype in ("Customer", "Supplier"):
		return False
	return bool(name) and frappe.db.get_value(doctype, name, "owner") == user


def _is_users_own(contact: Any, user: str | None) -> bool:
	"""Whether a user is the one that the contact's address belongs to anyway: ERPNext fills the field so."""
	return bool(user) and ownership.address_of(user) in _addresses(contact)


def _stamp_new_rows(doc: Any, user: str) -> None:
	"""Who made a link stands on its row; Frappe takes what the request says."""
	for field in ("links", "email_ids"):
		for row in doc.get(field) or []:
			if row.is_new() or row.get("__islocal") or not row.get("creation"):
				row.owner = user


def _links(doc: Any) -> set[tuple[str, str]]:
	return {(row.link_doctype, row.link_name) for row in doc.get("links") or []}


def _customers(doc: Any) -> set[str]:
	return {name for doctype, name in _links(doc) if doctype == "Customer" and name}


def _addresses(doc: Any) -> set[str]:
	found = {plain(row.email_id) for row in doc.get("email_ids") or []} | {plain(doc.get("email_id"))}
	return found - {""}


def _portal_users(doc: Any) -> set[str]:
	return {row.user for row in doc.get("portal_users") or []}


def _our_fields(doc: Any) -> dict[str, str]:
	return {
		field.fieldname: str(
			cint(doc.get(field.fieldname)) if field.fieldtype == "Check" else doc.get(field.fieldname) or ""
		)
		for field in doc.meta.fields
		if field.fieldname.startswith(OUR_PREFIX)
	}


def _members(doc: Any) -> set[tuple[str, str, bool]]:
	"""(customer, address, sees all) of a contact."""
	if doc is None:
		return set()
	people = _addresses(doc) | ({ownership.address_of(doc.user)} if doc.user else set())
	sees_all = bool(cint(doc.get("ops_sees_all_requests")))
	return {(customer, person, sees_all) for customer in _customers(doc) for person in people if person}


def _portal_members(doc: Any) -> set[tuple[str, str, bool]]:
	return (
		set()
		if doc is None
		else {(doc.name, ownership.address_of(user), False) for user in _portal_users(doc)}
	)


def _note(before: set, after: set, doctype: str, name: str) -> None:
	changed = [(LEFT, *row) for row in before - after] + [(JOINED, *row) for row in after - before]
	if not changed:
		return
	served = reach.served_of({customer for _change, customer, *_rest in changed})
	for change, customer, person, sees_all in sorted(changed):
		if customer in served:
			row = frappe.new_doc(CHANGE)
			row.update(
				{
					"customer": customer,
					"person": person,
					"change": change,
					"sees_all": int(sees_all),
					"source_doctype": doctype,
					"source_name": name,
				}
			)
			steps.take(row)
			row.insert(ignore_permissions=True, ignore_links=True)


def _refuse(name: Any, what: str) -> None:
	frappe.throw(
		_(
			"{0} of {1} is for us to set: it decides who reads and answers for a customer. Ask us to change it."
		).format(frappe.bold(what), frappe.bold(escape_html(str(name or "")[:140]))),
		frappe.PermissionError,
	)
