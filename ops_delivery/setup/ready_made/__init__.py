"""Ready-made configurations: what it takes to measure the records of another app, planted when an administrator asks.

Each is a JSON file in this folder: `title`, `description`, `needs` (the DocTypes and fields that must be there) and
`records`. From planting on its records are the site's own: planting again adds what is missing and changes nothing, and
taking it away leaves what was edited and what evidence hangs on.

    bench --site SITE execute ops_delivery.setup.ready_made.plant --args "['helpdesk']"
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_datetime

from ops_delivery.services.rules import change_reasons as rule_changes
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import fields

FOLDER = Path(__file__).parent
MEMORY = "ops_delivery_ready_made"
THROUGH = "customer_through"


def overview() -> list[dict[str, Any]]:
	"""The configurations there are: key, title, description, what is lacking for them, and how much is planted."""
	planted = memory.recall(MEMORY) or {}
	rows = []
	for key in keys():
		content = read(key)
		there = sum(_is_there(record) for record in content["records"])
		rows.append(
			{
				"key": key,
				"title": _(content["title"]),
				"description": _(content["description"]),
				"lacking": lacking(content),
				"planted": key in planted,
				"there": there,
				"records": len(content["records"]),
			}
		)
	return rows


def keys() -> list[str]:
	"""The names of the files."""
	return sorted(path.stem for path in FOLDER.glob("*.json"))


def read(key: str) -> dict[str, Any]:
	"""A configuration; refuses a name that is none."""
	if key not in keys():
		frappe.throw(
			_("There is no ready-made configuration {0}. There are: {1}.").format(
				frappe.bold(escape_html(cstr(key))), ", ".join(keys())
			)
		)
	return json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))


def lacking(content: dict[str, Any]) -> list[str]:
	"""The DocTypes, and the fields of them (as "DocType: field"), that a configuration needs and this site has not."""
	found = []
	for doctype, names in content["needs"].items():
		if not frappe.db.exists("DocType", doctype):
			found.append(doctype)
			continue
		meta = frappe.get_meta(doctype)
		found += [f"{doctype}: {field}" for field in names if not meta.has_field(field)]
	return found


def plant(key: str) -> dict[str, list[str]]:
	"""Add the records of a configuration that are not there; returns {added, there}. What is there is left as it is.

	Refuses where the other app is not installed, or has not the fields that are needed.
	"""
	content = read(key)
	if missing := lacking(content):
		frappe.throw(
			_(
				"{0} cannot be planted: this site has no {1}. Install or update the app it is for first."
			).format(frappe.bold(_(content["title"])), ", ".join(missing)),
			title=_("Not on this site"),
		)
	planted = memory.recall(MEMORY) or {}
	notes = planted.setdefault(key, {})
	answer: dict[str, list[str]] = {"added": [], "there": []}
	for record in content["records"]:
		doctype, name = record["doctype"], record["name"]
		if _is_there(record):
			answer["there"].append(f"{doctype}: {name}")
			continue
		doc = frappe.get_doc({"doctype": doctype, **_of_this_site(record["values"])})
		doc.name = name
		doc.flags.ignore_permissions = True
		doc.insert(ignore_permissions=True)
		notes[f"{doctype}: {name}"] = {"modified": cstr(doc.modified)}
		answer["added"].append(f"{doctype}: {name}")
	memory.remember(MEMORY, planted)
	every_save.forget()
	return answer


def remove(key: str) -> dict[str, list[str]]:
	"""Take away what plant() added; returns {removed, switched_off, kept}.

	What clocks were measured by is switched off instead, as it is evidence. What somebody edited is kept, and so is a
	field in which something stands.
	"""
	content = read(key)
	planted = memory.recall(MEMORY) or {}
	notes = planted.pop(key, {})
	answer: dict[str, list[str]] = {"removed": [], "switched_off": [], "kept": []}
	for record in reversed(content["records"]):
		doctype, name = record["doctype"], record["name"]
		label = f"{doctype}: {name}"
		if not _is_there(record):
			continue
		if label not in notes:
			answer["kept"].append(label)
		elif _is_evidence(doctype, name):
			_switch_off(doctype, name)
			answer["switched_off"].append(label)
		elif _is_edited(doctype, name, notes[label]) or _is_filled(doctype, name):
			answer["kept"].append(label)
		else:
			_delete(doctype, name)
			answer["removed"].append(label)
	memory.remember(MEMORY, planted)
	every_save.forget()
	return answer


def remove_all() -> None:
	"""Uninstall: nothing of ours stays on other apps' types. Our own types go with all of their records anyway."""
	for notes in (memory.recall(MEMORY) or {}).values():
		for label in notes:
			doctype, name = label.split(": ", 1)
			if doctype in ("Custom Field", "Notification") and frappe.db.exists(doctype, name):
				_delete(doctype, name)


def _is_there(record: dict[str, Any]) -> bool:
	return bool(frappe.db.exists(record["doctype"], record["name"]))


def _of_this_site(values: dict[str, Any]) -> dict[str, Any]:
	"""The values for this site's version of the other app: of the fields through which a Customer may be found, those
	that it has."""
	if THROUGH not in values:
		return values
	linked = frappe.get_meta(values["document_type"]).get_field(values["customer_field"]).options
	meta = frappe.get_meta(linked)
	return {**values, THROUGH: ", ".join(name for name in values[THROUGH] if meta.has_field(name))}


def _is_evidence(doctype: str, name: str) -> bool:
	"""Whether clocks were measured by it."""
	if doctype == "Clock Definition":
		return bool(frappe.db.exists("Service Clock", {"clock_definition": name}))
	if doctype == "Measured Record Type":
		return bool(
			frappe.db.exists("Service Clock", {"reference_doctype": name})
			or frappe.db.exists("Clock Definition", {"document_type": name})
		)
	return False


def _is_edited(doctype: str, name: str, note: dict[str, str]) -> bool:
	modified = frappe.db.get_value(doctype, name, "modified")
	return get_datetime(modified) != get_datetime(note["modified"])


def _is_filled(doctype: str, name: str) -> bool:
	"""Whether something stands in a field."""
	if doctype != "Custom Field":
		return False
	field = frappe.db.get_value(doctype, name, ["dt", "fieldname"], as_dict=True)
	return bool(frappe.db.exists(field.dt, {field.fieldname: ["is", "set"]}))


def _switch_off(doctype: str, name: str) -> None:
	doc = frappe.get_doc(doctype, name)
	if cint(doc.enabled):
		doc.enabled = 0
		rule_changes.say(doc, _("The ready-made configuration was taken away")).save(ignore_permissions=True)


def _delete(doctype: str, name: str) -> None:
	field = (
		frappe.db.get_value(doctype, name, ["dt", "fieldname"], as_dict=True)
		if doctype == "Custom Field"
		else None
	)
	frappe.delete_doc(doctype, name, ignore_permissions=True, delete_permanently=True)
	if field:
		fields.drop_columns(field.dt, [field.fieldname])
