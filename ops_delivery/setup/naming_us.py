"""What an administrator made of the host's own and what names what goes with us: it would break the host's forms.

A rule, workflow, hook or page about an Issue that asks for a field of ours, calls a function of ours or looks into a table of ours
fails at every save once they are gone, a report or print format when it is opened: it is switched off, and its owner told. Rows and values that lead to records of ours (a connection, a card, a home
page, a saved filter) go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import frappe

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.setup.uninstall_cleanup import our_doctypes

APP = "ops_delivery"
# kinds of records that Frappe asks at work -> the field that says whether, and its value for "no"
SWITCHES = {
	"Assignment Rule": ("disabled", 1),
	"Auto Email Report": ("enabled", 0),
	"Client Script": ("enabled", 0),
	"Document Naming Rule": ("disabled", 1),
	"Milestone Tracker": ("disabled", 1),
	"Notification": ("enabled", 0),
	"Print Format": ("disabled", 1),
	"Report": ("disabled", 1),
	"Server Script": ("disabled", 1),
	"Web Form": ("published", 0),
	"Webhook": ("enabled", 0),
	"Workflow": ("is_active", 0),
}
# of these only what people made; what other apps bring names nothing of ours
MADE_HERE = {"Print Format": {"standard": "No"}, "Report": {"is_standard": "No"}}
# rows of tables -> the field that leads to a record, and the kind of record (or the field that says the kind)
ROWS = {
	"Amended Document Naming Settings": ("document_type", "DocType"),
	"Dashboard Chart Link": ("chart", "Dashboard Chart"),
	"DocType Link": ("link_doctype", "DocType"),
	"Logs To Clear": ("ref_doctype", "DocType"),
	"Notification Subscribed Document": ("document", "DocType"),
	"Number Card Link": ("card", "Number Card"),
	"Session Default": ("ref_doctype", "DocType"),
	"User Document Type": ("document_type", "DocType"),
	"User Select Document Type": ("document_type", "DocType"),
	"Workspace Chart": ("chart_name", "Dashboard Chart"),
	"Workspace Link": ("link_to", "link_type"),
	"Workspace Number Card": ("number_card_name", "Number Card"),
	"Workspace Quick List": ("document_type", "DocType"),
	"Workspace Shortcut": ("link_to", "type"),
}
KINDS = ("DocType", "Report", "Page", "Number Card", "Dashboard Chart", "Dashboard", "Workspace", "Print Format")
# what may be blank -> the field, and the kind of record it leads to
VALUES = {
	"Email Account": ("append_to", "DocType"),
	"Auto Repeat": ("print_format", "Print Format"),
	"IMAP Folder": ("append_to", "DocType"),
	"Notification": ("print_format", "Print Format"),
	"User": ("default_workspace", "Workspace"),
}
HOMES = (("Portal Settings", "default_portal_home"), ("Website Settings", "home_page"), ("Role", "home_page"))
# what Customize Form sets of a whole type by the name of a field
BY_FIELD = ("sort_field", "title_field", "image_field", "search_fields")
SETTER = "Property Setter"
OURS = re.compile(r"\bops_\w+")


class Mention(NamedTuple):
	"""A row (`parent`: of which record) or a value that leads to `target`, which goes."""

	doctype: str
	name: str
	fieldname: str
	target: str
	parent: str


def switched_off() -> Iterator[tuple[str, str]]:
	"""(kind, name) of what is at work, is not about a type of ours and names a field or function of ours."""
	known, tables = _names(), _tables()
	for doctype, (fieldname, off) in SWITCHES.items():
		if not frappe.db.exists("DocType", doctype):
			continue
		filters = {fieldname: ["!=", off], **MADE_HERE.get(doctype, {})}
		for name in frappe.get_all(doctype, filters=filters, pluck="name", order_by="name"):
			doc = frappe.get_doc(doctype, name)
			if any(
				known.intersection(OURS.findall(text)) or tables.search(text) for text in _texts(doc.as_dict(no_nulls=True))
			):
				yield doctype, name


def without_charts(charts: set[str]) -> list[str]:
	"""Dashboards that have no chart but these: without any they could not be saved."""
	rows = frappe.get_all(
		"Dashboard Chart Link", {"parenttype": "Dashboard"}, ["parent", "chart"], order_by="parent"
	)
	return sorted({row.parent for row in rows} - {row.parent for row in rows if row.chart not in charts})


def switch_off(records: Iterable[tuple[str, str]]) -> None:
	"""Each stays as it is, and is not asked any more."""
	for doctype, name in records:
		fieldname, off = SWITCHES[doctype]
		frappe.db.set_value(doctype, name, fieldname, off, update_modified=False)
	frappe.cache.delete_value("webhooks")


def mentions(going: dict[str, set[str]]) -> list[Mention]:
	"""The rows and values that lead to what goes (kind -> names)."""
	found = []
	for doctype, (fieldname, kind) in ROWS.items():
		if not frappe.db.exists("DocType", doctype):
			continue
		kinds = {kind: going.get(kind, set())} if kind in KINDS else going
		for one, names in kinds.items():
			filters = {fieldname: ["in", sorted(names) or [""]], **({} if kind in KINDS else {kind: one})}
			rows = frappe.get_all(doctype, filters, ["name", "parent", f"{fieldname} as target"], order_by="name")
			found += [
				Mention(doctype, row.name, fieldname, row.target, row.parent)
				for row in rows
				if not any(row.parent in names for names in going.values())
			]
	for doctype, (fieldname, kind) in VALUES.items():
		filters = {fieldname: ["in", sorted(going.get(kind, set())) or [""]]}
		rows = frappe.get_all(doctype, filters, ["name", f"{fieldname} as target"], order_by="name")
		found += [Mention(doctype, row.name, fieldname, row.target, "") for row in rows]
	return [*found, *_default_prints(going["Print Format"]), *_own_links(going), *_homes()]


def forget(found: Iterable[Mention]) -> None:
	"""Rows go, values become blank; and with them what people and Customize Form keep of fields of ours."""
	for row in found:
		if row.doctype in ROWS or row.doctype == SETTER:
			frappe.db.delete(row.doctype, {"name": row.name})
		elif row.doctype == row.name:
			frappe.db.set_single_value(row.doctype, row.fieldname, "")
		else:
			frappe.db.set_value(row.doctype, row.name, row.fieldname, None)
	for doctype, fields in CUSTOM_FIELDS.items():
		_forget_fields(doctype, {field["fieldname"] for field in fields})


def _forget_fields(doctype: str, ours: set[str]) -> None:
	setters = frappe.get_all(
		"Property Setter",
		filters={"doc_type": doctype, "property": ["in", BY_FIELD]},
		fields=["name", "property", "value"],
		order_by="name",
	)
	for row in setters:
		words = [word.strip() for word in (row.value or "").split(",")]
		if not ours.intersection(words):
			continue
		left = [word for word in words if word not in ours] if row.property == "search_fields" else []
		if left:
			frappe.db.set_value("Property Setter", row.name, "value", ",".join(left))
		else:
			frappe.db.delete("Property Setter", {"name": row.name})
	for row in frappe.get_all("Custom Field", {"dt": doctype, "fetch_from": ["like", "ops\\_%"]}, order_by="name"):
		frappe.db.set_value("Custom Field", row.name, "fetch_from", None)
	for row in frappe.get_all("List Filter", {"reference_doctype": doctype}, ["name", "filters"], order_by="name"):
		if ours.intersection(OURS.findall(row.filters or "")):
			frappe.db.delete("List Filter", {"name": row.name})
	_forget_list_settings(doctype, ours)


def _forget_list_settings(doctype: str, ours: set[str]) -> None:
	"""How a person left a list, such as sorted by a field that goes."""
	settings = frappe.qb.Table("__UserSettings")
	rows = frappe.qb.from_(settings).select(settings.user, settings.data).where(settings.doctype == doctype).run()
	for user, data in rows:
		if ours.intersection(OURS.findall(data or "")):
			frappe.db.delete("__UserSettings", {"doctype": doctype, "user": user})
	frappe.cache.delete_value("_user_settings")


def _default_prints(formats: set[str]) -> list[Mention]:
	"""Where Customize Form chose one of these print formats for a type: without it Frappe takes its own."""
	rows = frappe.get_all(
		SETTER,
		{"property": "default_print_format", "value": ["in", sorted(formats) or [""]]},
		["name", "value", "doc_type"],
		order_by="name",
	)
	return [Mention(SETTER, row.name, "value", row.value, row.doc_type) for row in rows]


def _own_links(going: dict[str, set[str]]) -> list[Mention]:
	"""What an administrator's own fields lead to: their defaults, and what stands in them."""
	found = []
	fields = frappe.get_all(
		"Custom Field",
		filters={"fieldtype": "Link", "options": ["in", KINDS]},
		fields=["name", "dt", "fieldname", "options", "`default` as target"],
		order_by="name",
	)
	for field in fields:
		names = going[field.options]
		if field.target in names:
			found.append(Mention("Custom Field", field.name, "default", field.target, ""))
		if field.dt in going["DocType"] or frappe.get_meta(field.dt).issingle:
			continue
		rows = frappe.get_all(
			field.dt, {field.fieldname: ["in", sorted(names) or [""]]}, ["name", f"{field.fieldname} as target"], order_by="name"
		)
		found += [Mention(field.dt, row.name, field.fieldname, row.target, "") for row in rows]
	return found


def _homes() -> list[Mention]:
	pages = {path.stem for path in Path(frappe.get_app_path(APP, "www")).glob("*.html")}
	pages |= {route.strip("/") for route in portal_switch.ROUTES}
	found = []
	for doctype, fieldname in HOMES:
		if frappe.get_meta(doctype).issingle:
			values = [(doctype, frappe.db.get_single_value(doctype, fieldname, cache=False))]
		else:
			values = frappe.get_all(doctype, fields=["name", fieldname], as_list=True, order_by="name")
		found += [
			Mention(doctype, name, fieldname, value, "") for name, value in values if (value or "").strip("/") in pages
		]
	return found


def _names() -> set[str]:
	methods = frappe.get_hooks("jinja", app_name=APP).get("methods", [])
	fields = {field["fieldname"] for rows in CUSTOM_FIELDS.values() for field in rows}
	return {*fields, *(path.rpartition(".")[2] for path in methods), APP}


def _tables() -> re.Pattern:
	"""Our types where a script, query or filter looks into them."""
	return re.compile(r"(?:\btab|[\"'])(?:" + "|".join(map(re.escape, our_doctypes())) + r")[`\"']")


def _texts(value: Any) -> Iterator[str]:
	if isinstance(value, str):
		yield value
	elif isinstance(value, dict):
		for each in value.values():
			yield from _texts(each)
	elif isinstance(value, list | tuple):
		for each in value:
			yield from _texts(each)
