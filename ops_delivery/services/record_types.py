"""Measured Record Types: which DocTypes have clocks, and whether the fields they name can serve (5.3.d)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

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
