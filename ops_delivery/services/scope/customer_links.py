"""What a record of a customer names is that customer's: objects, agreements, plans, contacts, and who is told (6.3.f, 6.3.j).

One rule for every field: of our record types whatever link leads to a record that has a customer itself, or to a person
of the customer's side, and every address somebody typed. What was stored before is left alone until it, or the customer,
is changed. The pickers of the forms offer accordingly (of_customer and the like in public/js/desk.js).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from ops_delivery.permissions import ownership, switches
from ops_delivery.services.scope import issue_scope as ours

MODULE = "Ops Delivery"
CUSTOMER, CONTACT, ISSUE, USER, PROJECT = "Customer", "Contact", "Issue", "User", "Project"
# of the host's Issue what is ours, and what says who is told of it
RAISED_BY = "raised_by"
OF_ISSUES = ("contact", "ops_object", "ops_customer_email", RAISED_BY)
MAIL = "E-mail"


class NotTheirs(frappe.ValidationError):
	"""A field names something, or somebody, of another customer."""


def check(doc: Any, _method: str | None = None) -> None:
	"""doc_events "*".validate, after the record's own rules: refuse what belongs to another customer. NotTheirs."""
	customer = doc.get("customer")
	if not customer or not isinstance(customer, str) or not _is_asked(doc):
		return
	named: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
	for part, field in _changed_fields(doc):
		if doctype := _leads_to(part, field):
			named[doctype].append((part, field))
		elif _is_elsewhere(part.get(field.fieldname), customer):
			_refuse(part, field, doc)
	for doctype, found in named.items():
		names = {part.get(field.fieldname) for part, field in found}
		whose = _whose(doctype, names)
		for part, field in found:
			owners = whose.get(part.get(field.fieldname))
			if owners and customer not in owners:
				_refuse(part, field, doc)


def _is_asked(doc: Any) -> bool:
	if doc.doctype == ISSUE:
		return not switches.rests() and ours.is_ours(doc)
	return doc.meta.module == MODULE


def _changed_fields(doc: Any) -> list[tuple[Any, Any]]:
	"""Of the record and its rows: (record or row, field) that a person may fill and that differ from what is stored."""
	before = doc.get_doc_before_save()
	moved = not before or before.get("customer") != doc.get("customer")
	rows = {row.name: row for row in before.get_all_children()} if before else {}
	found = []
	for part in (doc, *doc.get_all_children()):
		stored = before if part is doc else rows.get(part.name)
		for field in _may_be_meant(part):
			value = part.get(field.fieldname)
			if not value or not _is_meant(part, field):
				continue
			other = not stored or stored.get(field.fieldname) != value
			# who raised a request is a fact as it comes in, whosever it is; typed anew it says who is told, and who sees it
			if (other and bool(before)) if _says_who_raised(part, field) else (moved or other):
				found.append((part, field))
	return found


def _may_be_meant(part: Any) -> list[Any]:
	if part.doctype != ISSUE:
		return part.meta.fields
	return list(filter(None, map(part.meta.get_field, OF_ISSUES)))  # four of eighty


def _is_meant(part: Any, field: Any) -> bool:
	if field.read_only or (part.doctype == ISSUE and field.fieldname not in OF_ISSUES):
		return False
	if doctype := _leads_to(part, field):
		return doctype in (CONTACT, USER) or bool(_customer_field(doctype) or _project_field(doctype))
	# who complains by mail is who they are
	return field.fieldtype == "Data" and field.options == "Email" and part.get("channel") != MAIL


def _says_who_raised(part: Any, field: Any) -> bool:
	return part.doctype == ISSUE and field.fieldname == RAISED_BY


def _is_elsewhere(address: str, customer: str) -> bool:
	"""Whether an address is known as that of people of other customers alone; staff are nobody's."""
	return ownership.belongs_elsewhere(address, customer) and not ownership.is_staff_address(address)


def _leads_to(part: Any, field: Any) -> str | None:
	"""The type of record that a link field leads to; None for other fields."""
	if field.fieldtype == "Link":
		return field.options
	return part.get(field.options) if field.fieldtype == "Dynamic Link" else None


def _customer_field(doctype: str) -> str | None:
	"""The field by which a type of record says whose it is; None for what is nobody's in particular."""
	if doctype == CUSTOMER:
		return None
	field = frappe.get_meta(doctype).get_field("customer")
	return "customer" if field and field.fieldtype == "Link" and field.options == CUSTOMER else None


def _project_field(doctype: str) -> str | None:
	"""The field of a type of record that has no customer itself, but a project that may have one, as a Task."""
	field = frappe.get_meta(doctype).get_field("project")
	return "project" if field and field.fieldtype == "Link" and field.options == PROJECT else None


def _whose(doctype: str, names: set[str]) -> dict[str, set[str]]:
	"""The customers that records belong to, themselves or by their project, by name; what belongs to none is missing. One query."""
	found: dict[str, set[str]] = defaultdict(set)
	if doctype == USER:  # staff are nobody's; few rows name a customer's person by their log-in
		filters = {"name": ["in", sorted(names)], "user_type": "Website User"}
		users = frappe.get_all(USER, filters=filters, pluck="name", order_by="name")
		return {user: ownership.customers_of(user) for user in users}
	if doctype == CONTACT:
		filters = {"parenttype": CONTACT, "parent": ["in", sorted(names)], "link_doctype": CUSTOMER}
		for row in frappe.get_all("Dynamic Link", filters=filters, fields=["parent", "link_name"], order_by="parent"):
			found[row.parent].add(row.link_name)
		return found
	by = "customer" if _customer_field(doctype) else "project.customer as customer"
	for row in frappe.get_all(doctype, filters={"name": ["in", sorted(names)]}, fields=["name", by], order_by="name"):
		if row.customer:
			found[row.name].add(row.customer)
	return found


def _refuse(part: Any, field: Any, doc: Any) -> None:
	where = frappe.bold(_(part.meta.get_label(field.fieldname), context=part.doctype))
	if part is not doc:
		where = _("{0}, row {1}").format(where, part.idx)
	frappe.throw(
		_("{0}: {1} belongs to another customer than {2}. Choose one of theirs, or correct the customer.").format(
			where,
			frappe.bold(escape_html(part.get(field.fieldname))),
			frappe.bold(escape_html(doc.get("customer_name") or doc.customer)),
		),
		NotTheirs,
		title=_("Another customer's"),
	)
