"""What Frappe asks of confidential records: the hooks of documents and lists, by the rule of confidential.py (5.4.d)."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import list_conditions, owned_records, ownership
from ops_delivery.permissions.confidential import (
	ACTION,
	COMPLAINT,
	NAMES_RECORDS,
	PERSON,
	Named,
	Part,
	Rows,
	hidden_from,
	is_hidden,
	names_one_of,
)
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff, plain

INSIDE = (ACTION, "Service Notice")  # of which the customer's side has no list


def complaint_permission(
	doc, ptype: str = "read", user: str | None = None, debug: bool = False
) -> bool | None:
	"""Hook: a complaint is for its complainant (on their pages) and for staff with a role who are not complained about."""
	return NO_OBJECTION if may_see_complaint(doc, ptype, user) else False


def may_see_complaint(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""The rule of that hook. What stands in the document counts as well as what is stored, so that nobody gets in by a
	change that is not saved."""
	user = user or frappe.session.user
	if not is_staff(user):
		return _is_theirs(doc, user) and (ptype or "read") in ownership.READ_RIGHTS
	if user == ADMINISTRATOR:
		return True
	accused = any(row.user == user for row in doc.get("people") or [])
	if accused and not doc.is_new() and (doc.get("anonymous") or (ptype or "read") not in ownership.READ_RIGHTS):
		return False
	return not is_hidden(COMPLAINT, doc.name, user)


def complaint_on_website(doc, ptype: str = "read", user: str | None = None, verbose: bool = False) -> bool:
	"""Hook: Frappe's generic doors show a record whole, so for the customer's side they are shut; staff need their role."""
	return is_staff(user) and bool(frappe.has_permission(doc.doctype, ptype, doc=doc, user=user))


def action_permission(doc, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook: an action that came of a complaint is as confidential as that complaint."""
	return NO_OBJECTION if may_see_action(doc, ptype, user) else False


def may_see_action(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""The rule of that hook."""
	user = user or frappe.session.user
	if not is_staff(user):
		if doc.get("source_doctype") == COMPLAINT:
			return may_see_complaint_of(doc, user) and (ptype or "read") in ownership.READ_RIGHTS
		return ownership.may_see(doc, user, ptype or "read")
	if doc.is_new() and is_hidden(ACTION, doc.name, user):
		return False  # "new" says who brings it along; by that name another is stored
	return doc.get("source_doctype") != COMPLAINT or not is_hidden(COMPLAINT, doc.source_name, user)


def reference_permission(
	doc, ptype: str = "read", user: str | None = None, debug: bool = False
) -> bool | None:
	"""Hook: what names a hidden record is hidden; of anything else Frappe decides."""
	return False if _names_hidden(doc, user or frappe.session.user) else NO_OBJECTION


def leftover_permission(
	doc, ptype: str = "read", user: str | None = None, debug: bool = False
) -> bool | None:
	"""Hook: a leftover is the customer's where its request is theirs; for staff it is as confidential as what it is of."""
	if not is_staff(user):
		return owned_records.has_permission(doc, ptype, user)
	return reference_permission(doc, ptype, user)


def notice_permission(
	doc, ptype: str = "read", user: str | None = None, debug: bool = False
) -> bool | None:
	"""Hook: what was told is inside, and as confidential as what it was told of."""
	return reference_permission(doc, ptype, user) if is_staff(user) else False


def _names_hidden(doc, user: str) -> bool:
	if doc.is_new() and doc.name and _is_stored_hidden(doc, user):
		return True  # "new" says who brings it along; by that name another is stored
	kind = NAMES_RECORDS[doc.doctype]
	if isinstance(kind, Named):
		return is_hidden(doc.get(kind.doctype_field), doc.get(kind.name_field), user)
	if isinstance(kind, Part):
		of = frappe.db.get_value(kind.of, doc.get(kind.field), list(NAMES_RECORDS[kind.of]))
		return bool(of) and is_hidden(*of, user)
	if isinstance(kind, Rows):
		fields = {doctype: named for doctype, *named in kind.rows}
		return any(
			is_hidden(*(row.get(field) for field in fields[row.doctype]), user)
			for row in doc.get_all_children()
			if row.doctype in fields
		)
	return _is_stored_hidden(doc, user)


def _is_stored_hidden(doc, user: str) -> bool:
	table, hidden = frappe.qb.DocType(doc.doctype), hidden_from(user)
	if not hidden:
		return False
	found = frappe.qb.from_(table).select(table.name).where(table.name == doc.name)
	return bool(found.where(names_one_of(doc.doctype, table, hidden)).run())


def may_see_complaint_of(action, user: str) -> bool:
	"""Whether an action of the customer's side came of the user's own complaint."""
	raised_by = frappe.db.get_value(COMPLAINT, action.source_name, "raised_by")
	return bool(raised_by) and plain(raised_by) in ownership.addresses_of(user)


def complaint_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Complaint."""
	user = user or frappe.session.user
	if not is_staff(user):
		return "1=0"  # the customer's side has pages of its own
	hidden = hidden_from(user).get(COMPLAINT)
	table = frappe.qb.DocType(COMPLAINT)
	return list_conditions.as_text(table.name.notin(hidden)) if hidden else ""


def person_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for the rows of people complained about."""
	user = user or frappe.session.user
	if not is_staff(user):
		return "1=0"
	hidden = hidden_from(user).get(COMPLAINT)
	table = frappe.qb.DocType(doctype or PERSON)
	return list_conditions.as_text(table.parent.notin(hidden)) if hidden else ""


def leftover_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for Service Leftover."""
	return (reference_query if is_staff(user) else list_conditions.leftover_query)(user, "Service Leftover")


def reference_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook: the list condition for every DocType of NAMES_RECORDS."""
	user = user or frappe.session.user
	if not is_staff(user):
		return list_conditions.staff_only(user) if doctype in INSIDE else ""
	hidden = hidden_from(user)
	if not hidden:
		return ""
	table = frappe.qb.DocType(doctype)
	return list_conditions.as_text(names_one_of(doctype, table, hidden).negate())


def _is_theirs(doc: Any, user: str) -> bool:
	return bool(doc.get("raised_by")) and plain(doc.get("raised_by")) in ownership.addresses_of(user)
