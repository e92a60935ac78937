"""What names a record needs that record's read right: ledger, clocks, triggers, escalations, notices, versions, authorship.

Two rules on top of the role's right to the evidence itself. Who may not read a type of record sees nothing that names
one; whom User Permissions keep to some customers sees what names a record of these, or of none. Where a record of evidence
has no customer of its own, the customer is asked of what it names.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.permissions import get_allowed_docs_for_doctype, get_user_permissions
from frappe.query_builder import Criterion
from frappe.query_builder import functions as fn

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import list_conditions, switches
from ops_delivery.permissions.ownership import ADMINISTRATOR, is_staff

MODULE = "Ops Delivery"
CUSTOMER, CLOCK = "Customer", "Service Clock"
# DocType: the fields that name a record, by type and name; or the link to what does
BY_REFERENCE = {
	CLOCK: ("reference_doctype", "reference_name"),
	"Escalation Log": ("reference_doctype", "reference_name"),
	"Service Notice": ("reference_doctype", "reference_name"),
	"Rule Version": ("reference_doctype", "reference_name"),
	"Service Authorship": ("reference_doctype", "reference_name"),
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


def _condition(doctype: str, table, user: str) -> Criterion | None:
	"""What keeps a row of a DocType in sight; None where nothing is hidden from the user."""
	if doctype in BY_LINK:
		field, linked = BY_LINK[doctype]
		of = frappe.qb.DocType(linked)
		within = _condition(linked, of, user) if linked in BY_REFERENCE else None
		allowed = _allowed(user, linked)
		own = _of_customers(of, _customer_field(linked), allowed) if allowed is not None else None
		found = [one for one in (within, own) if one is not None]
		return table[field].isin(frappe.qb.from_(of).select(of.name).where(Criterion.all(found))) if found else None
	doctype_field, name_field = BY_REFERENCE[doctype]
	kind, named = fn.Coalesce(table[doctype_field], ""), fn.Coalesce(table[name_field], "")
	found = []
	if unreadable := _unreadable(user):
		found.append(kind.notin(unreadable))
	for of_type, field, allowed in _restricted(user):
		of = frappe.qb.DocType(of_type)
		names = frappe.qb.from_(of).select(of.name).where(_of_customers(of, field, allowed))
		found.append((kind != of_type) | named.isin(names))
	return Criterion.all(found) if found else None


def _of_customers(table, field: str | None, allowed: list[str]) -> Criterion:
	if not field:
		return table.name.isin(allowed or [""])  # the customers themselves
	return fn.Coalesce(table[field], "").isin([*allowed, ""])


def _allowed(user: str, doctype: str) -> list[str] | None:
	"""The customers whose records of a type a user may see; None where nothing is said."""
	rules = get_user_permissions(user).get(CUSTOMER)
	if not rules:
		return None
	return get_allowed_docs_for_doctype(rules, doctype) or None


def _restricted(user: str) -> Iterable[tuple[str, str | None, list[str]]]:
	"""The types of record that User Permissions on customers bear on: (type, its field of the customer, customers)."""
	if not get_user_permissions(user).get(CUSTOMER):
		return
	for doctype in _named_types():
		allowed = _allowed(user, doctype)
		field = _customer_field(doctype)
		if allowed is not None and (field or doctype == CUSTOMER):
			yield doctype, field, allowed


def _unreadable(user: str) -> list[str]:
	"""The types of record that evidence names and the user's roles do not let them read."""
	return [doctype for doctype in _named_types() if not frappe.has_permission(doctype, "read", user=user)]


def _named_types() -> list[str]:
	"""What evidence can name: our records, and every type that is measured. Once a request."""
	if not hasattr(frappe.local, "ops_named_types"):
		ours = frappe.get_all("DocType", {"module": MODULE, "istable": 0, "issingle": 0}, pluck="name")
		measured = frappe.get_all("Measured Record Type", pluck="document_type")
		there = frappe.get_all("DocType", {"name": ["in", [*measured, "Issue", CUSTOMER]]}, pluck="name")
		frappe.local.ops_named_types = sorted({*ours, *there})
	return frappe.local.ops_named_types


def _customer_field(doctype: str) -> str | None:
	links = frappe.get_meta(doctype).get("fields", {"fieldtype": "Link", "options": CUSTOMER})
	return links[0].fieldname if links else None
