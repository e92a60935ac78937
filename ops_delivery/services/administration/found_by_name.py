"""What of ours an administrator may edit and the product finds by its name: our roles, and the choices of our fields.

A role called otherwise has none of the rights that the rules ask for; one that is disabled Frappe takes from everybody, without a
word. A choice that the product writes, taken out of its field, stops every mail or button that writes it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.permissions import steps
from ops_delivery.permissions.role_names import ROLES
from ops_delivery.services.shared import role_holders

SHIPPED = {
	(doctype, field["fieldname"]): field for doctype, fields in CUSTOM_FIELDS.items() for field in fields
}


class FoundByName(frappe.ValidationError):
	"""A role or a choice was to go by which the product finds it."""


def refuse_role_rename(doc: Any, _method: str | None, old: str, *_new: Any) -> None:
	"""doc_events Role.before_rename."""
	if old in ROLES and not steps.is_setting_up():
		frappe.throw(
			_(
				"The rules of this product ask for the role {0} by its name, so it keeps it. To show it under another word, make a Translation of {0}; for people with other rights, make a role of your own."
			).format(frappe.bold(_(old))),
			FoundByName,
			title=_("Role of this product"),
		)


def check_role(doc: Any, _method: str | None = None) -> None:
	"""doc_events Role.before_validate: Frappe takes a role that is disabled from everybody in validate."""
	if doc.name not in ROLES or doc.is_new() or steps.is_setting_up():
		return
	holders = role_holders.count(doc.name)
	if cint(doc.disabled) and holders and not cint(frappe.db.get_value("Role", doc.name, "disabled")):
		frappe.throw(
			_(
				"{0} people have the role {1}, and would lose it. Take it from them first, or leave it switched on."
			).format(holders, frappe.bold(_(doc.name))),
			FoundByName,
			title=_("Role of this product"),
		)
	if not cint(doc.disabled) and not cint(doc.desk_access):
		frappe.throw(
			_("Who has the role {0} works at the desk. Tick {1} again.").format(
				frappe.bold(_(doc.name)), frappe.bold(_(doc.meta.get_label("desk_access"), context="Role"))
			),
			FoundByName,
			title=_("Role of this product"),
		)


def check_field(doc: Any, _method: str | None = None) -> None:
	"""doc_events Custom Field.validate: choices may be added to a field of ours, those that the product writes stay."""
	shipped = SHIPPED.get((doc.dt, doc.fieldname))
	if shipped and not steps.is_setting_up():
		_check(doc.dt, doc.label or doc.fieldname, shipped, doc.fieldtype, doc.options)


def check_setter(doc: Any, _method: str | None = None) -> None:
	"""doc_events Property Setter.validate: the same of what Customize Form sets of a field, ours on a DocType of the host or in one
	of our own."""
	if doc.property not in ("options", "fieldtype") or not doc.field_name or steps.is_setting_up():
		return
	shipped = SHIPPED.get((doc.doc_type, doc.field_name)) or _in_ours(doc.doc_type, doc.field_name)
	if shipped:
		now = {"fieldtype": shipped["fieldtype"], "options": shipped.get("options"), doc.property: doc.value}
		_check(doc.doc_type, shipped.get("label") or doc.field_name, shipped, now["fieldtype"], now["options"])


def check_form(form: Any) -> None:
	"""Customize Form writes custom fields past their documents, so it is asked beforehand."""
	for row in form.fields:
		if shipped := SHIPPED.get((form.doc_type, row.fieldname)):
			_check(form.doc_type, row.label or row.fieldname, shipped, row.fieldtype, row.options)


def _in_ours(doctype: str, fieldname: str) -> dict[str, Any] | None:
	"""A field of one of our own DocTypes as it came with the product."""
	if frappe.db.get_value("DocType", doctype, "module") != steps.MODULE:
		return None
	wanted = {"parent": doctype, "fieldname": fieldname}
	return frappe.db.get_value("DocField", wanted, ["fieldtype", "options", "label"], as_dict=True)


def _check(doctype: str, label: str, shipped: dict[str, Any], fieldtype: str, options: Any) -> None:
	named = frappe.bold(escape_html(cstr(label)))
	if fieldtype != shipped["fieldtype"]:
		frappe.throw(
			_("{0} on {1} is a field of this product and stays a {2}. Make a field of your own beside it.").format(
				named, _(doctype), frappe.bold(_(shipped["fieldtype"]))
			),
			FoundByName,
			title=_("Field of this product"),
		)
	there = _choices(options) if fieldtype == "Select" else [cstr(options)]
	wanted = _choices(shipped.get("options")) if fieldtype == "Select" else [cstr(shipped.get("options"))]
	if missing := [one for one in wanted if one not in there]:
		frappe.throw(
			_(
				"{0} on {1}: the product itself writes {2}, so these stay among the options. You may add others, and call these otherwise by a Translation."
			).format(named, _(doctype), frappe.bold(escape_html(", ".join(missing)))),
			FoundByName,
			title=_("Field of this product"),
		)


def _choices(options: Any) -> list[str]:
	return [one.strip() for one in cstr(options).split("\n") if one.strip()]
