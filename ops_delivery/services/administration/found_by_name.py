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
	if not shipped or steps.is_setting_up():
		return
	named = frappe.bold(escape_html(cstr(doc.label or doc.fieldname)))
	if doc.fieldtype != shipped["fieldtype"]:
		frappe.throw(
			_("{0} on {1} is a field of this product and stays a {2}. Make a field of your own beside it.").format(
				named, _(doc.dt), frappe.bold(_(shipped["fieldtype"]))
			),
			FoundByName,
			title=_("Field of this product"),
		)
	there = _choices(doc.options) if doc.fieldtype == "Select" else [cstr(doc.options)]
	wanted = _choices(shipped.get("options")) if doc.fieldtype == "Select" else [cstr(shipped.get("options"))]
	if missing := [one for one in wanted if one not in there]:
		frappe.throw(
			_(
				"{0} on {1}: the product itself writes {2}, so these stay among the options. You may add others, and call these otherwise by a Translation."
			).format(named, _(doc.dt), frappe.bold(escape_html(", ".join(missing)))),
			FoundByName,
			title=_("Field of this product"),
		)


def _choices(options: Any) -> list[str]:
	return [one.strip() for one in cstr(options).split("\n") if one.strip()]
