"""What names a record needs that record's read right: ledger, clocks, triggers, escalations, notices, versions, authorship,
mails that need a person, and the rows of a record's tables.

One rule on top of the role's right to the evidence itself: a row is seen by whoever would find in its own list what the row
names. What names nothing is seen by all who have that right.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.desk.reportview import build_match_conditions
from frappe.permissions import get_role_permissions
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn
from pypika.terms import LiteralValue

from ops_delivery.domain import parties
from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import list_conditions, switches
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff
from ops_delivery.permissions.tables import TABLES

MODULE = "Ops Delivery"
CUSTOMER, CLOCK = "Customer", "Service Clock"
# DocType: the fields that name a record, by type and name; or the link to what does
BY_REFERENCE = {
	doctype: parties.of(doctype).about
	for doctype in (
		CLOCK,
		"Escalation Log",
		"Service Notice",
		"Rule Version",
		"Service Authorship",
		"Mail That Needs a Person",
	)
}
BY_LINK = {
	"Service Clock Event": ("clock", CLOCK),
	"Service Clock Trigger": ("clock", CLOCK),
	"Escalation Log Recipient": ("parent", "Escalation Log"),
	"Issue Takeover": ("issue", "Issue"),
	"Survey Answer": ("response", "Survey Response"),
}
DOCTYPES = (*BY_REFERENCE, *BY_LINK)


def query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook permission_query_conditions: of the evidence, what names nothing that the user may not read."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR or not is_staff(user):
		return ""
	condition = _condition(doctype, frappe.qb.DocType(doctype), user)
	return list_conditions.as_text(condition) if condition else ""


def permission(doc, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook has_permission: the same for one document; what it names is asked itself, while it is there."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR or not is_staff(user) or switches.rests():
		return NO_OBJECTION
	if doc.doctype in BY_LINK:
		field, linked = BY_LINK[doc.doctype]
		named = (linked, doc.get(field))
	else:
		named = tuple(doc.get(field) for field in BY_REFERENCE[doc.doctype])
	doctype, name = named
	if not doctype or not name or not frappe.db.exists("DocType", doctype):
		return NO_OBJECTION
	there = frappe.db.exists(doctype, name)
	return NO_OBJECTION if frappe.has_permission(doctype, "read", doc=name if there else None, user=user) else False


def row_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook permission_query_conditions of our tables: the rows of what the user would find in the list of the records.

	Frappe lists the rows of all records to whoever may list some of them.
	"""
	user = user or frappe.session.user
	if user == ADMINISTRATOR or not is_staff(user):
		return ""
	table, found = frappe.qb.DocType(doctype), []
	for of_type in _parents(doctype):
		seen = [""] if _is_closed(of_type, user) else _seen(of_type, user)
		if seen is not None:
			found.append((table.parenttype != of_type) | table.parent.isin(seen))
	return list_conditions.as_text(Criterion.all(found)) if found else ""


def check_row() -> None:
	"""Hook auth_hooks: a row that is asked for by its own name is asked by its record. frappe.PermissionError where that may not
	be read; Frappe looks only whether some record of the type may."""
	request = getattr(frappe.local, "request", None)
	if not request or frappe.session.user == ADMINISTRATOR or not is_staff(frappe.session.user):
		return
	doctype, name = asked(request.path)
	if doctype not in TABLES or not isinstance(name, str):
		return
	row = frappe.db.get_value(doctype, name, ["parenttype", "parent"], as_dict=True)
	if row and row.parenttype and not frappe.has_permission(row.parenttype, "read", doc=row.parent):
		raise frappe.PermissionError


def asked(path: str) -> tuple[Any, Any]:
	"""(DocType, name) of the one document that a request asks for, by its path or by its arguments."""
	parts = path.strip("/").split("/")
	for place in (1, 2):  # /api/resource/…, /api/v1/resource/…, /api/v2/document/…
		if parts[place : place + 1] and parts[place] in ("resource", "document") and len(parts) > place + 2:
			return parts[place + 1], parts[place + 2]
	return frappe.form_dict.get("doctype"), frappe.form_dict.get("name")


def _parents(doctype: str) -> list[str]:
	"""The types of records that have a table of rows of a type."""
	found = {
		row.parent
		for row in frappe.get_all(
			"DocField", {"options": doctype, "fieldtype": ["in", ["Table", "Table MultiSelect"]]}, ["parent"]
		)
	} | set(frappe.get_all("Custom Field", {"options": doctype, "fieldtype": "Table"}, pluck="dt"))
	return sorted(name for name in found if not frappe.get_meta(name).issingle)


def _condition(doctype: str, table, user: str) -> Criterion | None:
	"""What keeps a row of a DocType in sight; None where nothing is hidden from the user."""
	if doctype in BY_LINK:
		field, linked = BY_LINK[doctype]
		seen = [""] if _is_closed(linked, user) else _seen(linked, user)
		return None if seen is None else fn.Coalesce(table[field], "").isin(seen) | (fn.Coalesce(table[field], "") == "")
	doctype_field, name_field = BY_REFERENCE[doctype]
	kind, named = fn.Coalesce(table[doctype_field], ""), fn.Coalesce(table[name_field], "")
	closed = [of_type for of_type in _named_types() if _is_closed(of_type, user)]
	found = [kind.notin(closed)] if closed else []
	for of_type in _named_types():
		if of_type not in closed and (seen := _seen(of_type, user)) is not None:
			found.append((kind != of_type) | named.isin(seen))
	return Criterion.all(found) if found else None


def _is_closed(doctype: str, user: str) -> bool:
	"""Whether no record of a type at all may be read: neither by role nor as one that is shared."""
	return not frappe.has_permission(doctype, "read", user=user)


def _seen(doctype: str, user: str):
	"""The names of a type's records that a user may read, as a query; None for all of them.

	As in its own list: by role or share, as their owner alone, by User Permissions on any of its fields, by whatever
	conditions this or another app adds to the list.
	"""
	table = frappe.qb.DocType(doctype)
	names = frappe.qb.from_(table).select(table.name)
	if not get_role_permissions(frappe.get_meta(doctype), user=user).get("read"):
		return names.where(table.name.isin(frappe.share.get_shared(doctype, user)))
	conditions = build_match_conditions(doctype, user)
	return names.where(LiteralValue(f"({conditions})")) if conditions else None


def _named_types() -> list[str]:
	"""What evidence can name: our records, and every type that is measured. Once a request."""
	if not hasattr(frappe.local, "ops_named_types"):
		ours = frappe.get_all("DocType", {"module": MODULE, "istable": 0, "issingle": 0}, pluck="name")
		measured = frappe.get_all("Measured Record Type", pluck="document_type")
		there = frappe.get_all("DocType", {"name": ["in", [*measured, "Issue", CUSTOMER]]}, pluck="name")
		frappe.local.ops_named_types = sorted({*ours, *there} - {*DOCTYPES})  # no evidence of evidence
	return frappe.local.ops_named_types
