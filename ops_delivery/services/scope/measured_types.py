"""Measured Record Types: which DocTypes have clocks, and whether the fields they name can serve (5.3.d)."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.scope import active_rules as every_save

CUSTOMER = "Customer"
NEVER_CUSTOMERS = frozenset(
	"Company|User|Employee|Supplier|Role|Department|Project|Item|Branch|Currency|Country|Territory".split("|")
)
# What each named field must be: fieldtypes, and the target of a Link where only one will do.
WANTED = {
	"customer_field": (("Link", "Data", "Dynamic Link"), None),
	"priority_field": (("Link", "Select", "Data"), None),
	"object_field": (("Link",), "Service Object"),
	"agreement_field": (("Link",), "Service Agreement"),
	"date_field": (("Datetime", "Date"), None),
	"status_field": (("Select", "Link", "Data"), None),
}
STANDARD = {"creation": "Datetime", "modified": "Datetime"}


def check(doc) -> None:
	"""Refuse a DocType that cannot have clocks, or a field that it does not have or that holds something else."""
	meta = frappe.get_meta(doc.document_type)
	for flag, reason in (
		("istable", _("it is a table within other records")),
		("issingle", _("it has only one record")),
		("is_virtual", _("its records are not stored on this site")),
	):
		if meta.get(flag):
			frappe.throw(
				_("{0}: {1} cannot be measured, because {2}. Choose a type of ticket or task.").format(
					_label(doc, "document_type"), frappe.bold(_(doc.document_type)), reason
				)
			)
	for fieldname, (types, target) in WANTED.items():
		doc.set(fieldname, (doc.get(fieldname) or "").strip() or None)
		if doc.get(fieldname):
			_check_field(doc, meta, fieldname, types, target)
	_check_customer(doc, meta)
	_check_through(doc, meta)


def customer_of(measured, doc) -> str | None:
	"""The Customer whose agreement rules a record of a measured type; None where nobody knows.

	The customer field may name something else, such as the customer as another app keeps it: then the fields
	`customer_through` of what it names say which Customer that is, else a Customer of the same name is meant.
	"""
	value = cstr(doc.get(measured.customer_field)).strip() if measured.customer_field else ""
	if not value:
		return None
	named = _named_by(frappe.get_meta(measured.document_type), measured.customer_field, doc)
	if named == CUSTOMER:
		return value
	if named and (fields := through(measured)):
		row = frappe.db.get_value(named, value, fields, as_dict=True) or {}
		found = next((row[field] for field in fields if row.get(field)), None)
		if found and frappe.db.exists(CUSTOMER, found):
			return found
	return _of_that_name(value)


def customer_for(doc) -> str | None:
	"""The same for a record of any type: by its measured type where there is one, else its field `customer`."""
	measured = every_save.asked().measured.get(doc.doctype)
	if measured:
		return customer_of(measured, doc)
	customer = doc.get("customer")
	return customer if customer and frappe.db.exists(CUSTOMER, customer) else None


def customers_not_found(doc, limit: int = 20) -> list[str]:
	"""Of a Measured Record Type whose customer field links to another type: the records of that type for which no
	Customer is found, so that what they report is not measured; at most `limit`."""
	field = frappe.get_meta(doc.document_type).get_field(doc.customer_field) if doc.customer_field else None
	if not field or field.fieldtype != "Link" or field.options == CUSTOMER:
		return []
	fields = [name for name in through(doc) if frappe.get_meta(field.options).has_field(name)]
	customers = frappe.get_all(CUSTOMER, fields=["name", "customer_name"], order_by="name")
	known, titles = {row.name for row in customers}, Counter(row.customer_name for row in customers)
	found = []
	for row in frappe.get_all(field.options, fields=["name", *fields], order_by="name"):
		named = next((row[name] for name in fields if row[name]), None)
		if named not in known and row.name not in known and titles[row.name] != 1:
			found.append(row.name)
	return found[:limit]


def through(measured) -> list[str]:
	"""The field names in `customer_through`."""
	return [name.strip() for name in cstr(measured.get("customer_through")).split(",") if name.strip()]


def through_fields(doctype: str) -> list[str]:
	"""The fields of a DocType that can name a Customer: links to it, and plain texts."""
	return [
		field.fieldname
		for field in frappe.get_meta(doctype).fields
		if (field.fieldtype == "Link" and field.options == CUSTOMER) or field.fieldtype == "Data"
	]


def _named_by(meta, fieldname: str, doc) -> str | None:
	"""The type of record that a field names; None for a plain text."""
	field = meta.get_field(fieldname)
	if not field:
		return None
	if field.fieldtype == "Dynamic Link":
		return doc.get(field.options)
	return field.options if field.fieldtype == "Link" else None


def _of_that_name(name: str) -> str | None:
	"""The Customer of that name, or the only one with that title."""
	if frappe.db.exists(CUSTOMER, name):
		return name
	titled = frappe.get_all(CUSTOMER, filters={"customer_name": name}, pluck="name", order_by="name", limit=2)
	return titled[0] if len(titled) == 1 else None


def usable_fields(doctype: str) -> dict[str, list[dict[str, str]]]:
	"""For each setting of a Measured Record Type, the fields of the DocType that can serve: value and label."""
	meta = frappe.get_meta(doctype)
	return {
		setting: [
			{"value": field.fieldname, "description": _(field.label or field.fieldname)}
			for field in meta.fields
			if field.fieldtype in types and (not target or field.options == target)
		]
		for setting, (types, target) in WANTED.items()
	}


def condition_fields(doctype: str) -> list[dict[str, str]]:
	"""The fields a clock condition can read as doc.fieldname: fieldname, label, fieldtype, options of a Select."""
	skipped = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold", "Image"}
	return [
		{
			"fieldname": field.fieldname,
			"label": _(field.label or ""),
			"fieldtype": field.fieldtype,
			"options": (field.options or "") if field.fieldtype in ("Select", "Link") else "",
		}
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype not in skipped
	]


def _check_customer(doc, meta) -> None:
	"""A customer field may be left out where every clock of the type has terms of its own; a link to what can never be a
	customer is refused."""
	field = meta.get_field(doc.customer_field) if doc.customer_field else None
	if field and field.fieldtype == "Link" and field.options in NEVER_CUSTOMERS:
		fitting = [df.fieldname for df in meta.fields if df.fieldtype == "Link" and df.options == CUSTOMER]
		frappe.throw(
			_("{0}: {1} names a {2}, which is no customer.").format(
				_label(doc, "customer_field"), frappe.bold(escape_html(doc.customer_field)), _(field.options)
			)
			+ " "
			+ (
				_("Choose one of: {0}.").format(", ".join(fitting))
				if fitting
				else _("{0} has no such field yet; add one in Customize Form or leave this blank.").format(
					_(doc.document_type)
				)
			),
			title=_("Field not usable"),
		)
	if doc.customer_field or not doc.enabled:
		return
	relying = frappe.get_all(
		"Clock Definition",
		filters={"document_type": doc.document_type, "enabled": 1, "own_terms": 0},
		pluck="name",
		order_by="name",
	)
	if relying:
		frappe.throw(
			_(
				"{0} is missing: by it the agreement is found that {1} asks for. Name the field, or give these definitions terms of their own."
			).format(_label(doc, "customer_field"), ", ".join(escape_html(name) for name in relying)),
			frappe.MandatoryError,
		)


def _check_through(doc, meta) -> None:
	"""The fields through which a Customer is found must be some of the record that the customer field links to."""
	named = through(doc)
	doc.customer_through = ", ".join(named) or None
	if not named:
		return
	field = meta.get_field(doc.customer_field)
	if not field or field.fieldtype != "Link" or field.options == CUSTOMER:
		frappe.throw(
			_("{0}: {1} names the Customer itself or a plain text. Leave this blank.").format(
				_label(doc, "customer_through"), frappe.bold(escape_html(cstr(doc.customer_field)))
			),
			title=_("Field not usable"),
		)
	fitting = through_fields(field.options)
	for fieldname in named:
		if fieldname not in fitting:
			problem = _("{0}: {1} has no field {2} that can name a Customer.").format(
				_label(doc, "customer_through"), _(field.options), frappe.bold(escape_html(fieldname))
			)
			frappe.throw(
				problem + " " + _("Choose one of: {0}.").format(", ".join(fitting)),
				title=_("Field not usable"),
			)


def _check_field(doc, meta, setting: str, types: tuple[str, ...], target: str | None) -> None:
	named = doc.get(setting)
	field = meta.get_field(named)
	fieldtype = field.fieldtype if field else STANDARD.get(named)
	options = field.options if field else None
	if fieldtype in types and (not target or options == target):
		return
	fitting = [row["value"] for row in usable_fields(doc.document_type)[setting]]
	remedy = (
		_("Choose one of: {0}.").format(", ".join(fitting))
		if fitting
		else _("{0} has no such field yet; add one in Customize Form or leave this blank.").format(
			_(doc.document_type)
		)
	)
	if not fieldtype:
		problem = _("{0}: {1} has no field {2}.")
		detail = frappe.bold(escape_html(named))
	else:
		problem = _("{0}: in {1}, {2} cannot serve here.")
		detail = frappe.bold(
			f"{escape_html(named)} ({_(fieldtype)}{': ' + _(options) if options and fieldtype == 'Link' else ''})"
		)
	frappe.throw(
		problem.format(_label(doc, setting), _(doc.document_type), detail) + " " + remedy,
		title=_("Field not usable"),
	)


def _label(doc, fieldname: str) -> str:
	return frappe.bold(_(doc.meta.get_label(fieldname), context=doc.doctype))
