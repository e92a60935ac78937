"""The layouts that an administrator edits on the desk: the workspace, and what leads to it in 16.

Frappe replaces one by the app's file at every migrate where the file is newer. Here an edited one stays as it is, and what an
update has that it has not is offered: in the health, one click adds it. What was taken away before is not offered again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frappe
from frappe.utils import add_to_date, cstr, get_datetime, now_datetime

from ops_delivery.services.shared import install_state as memory

KEY = "ops_delivery_layouts"
WORKSPACE, SIDEBAR, ICON = "Workspace", "Workspace Sidebar", "Desktop Icon"
NAME = "Ops Delivery"
FILES = {
	WORKSPACE: ("ops_delivery", "workspace", "ops_delivery", "ops_delivery.json"),
	SIDEBAR: ("workspace_sidebar", "ops_delivery.json"),
	ICON: ("desktop_icon", "ops_delivery.json"),
}
# of a layout: the table of its parts -> the field that tells one part from another
PARTS = {
	WORKSPACE: {
		"number_cards": "number_card_name",
		"shortcuts": "label",
		"charts": "chart_name",
		"links": "label",
	},
	SIDEBAR: {"items": "label"},
	ICON: {},
}
HEADINGS = ("Card Break", "Section Break")


def keep_edited() -> None:
	"""Before a migrate: make what somebody edited newer than any file, so that Frappe leaves it alone."""
	known = memory.recall(KEY) or {}
	for doctype in _there():
		row = frappe.db.get_value(doctype, NAME, ["modified", "modified_by"], as_dict=True)
		shipped = known.get(doctype, {}).get("modified")
		edited = row.modified != get_datetime(shipped) if shipped else row.modified_by != "Administrator"
		if edited:
			after_the_file = add_to_date(get_datetime(delivered(doctype)["modified"]), seconds=1)
			frappe.db.set_value(
				doctype, NAME, "modified", max(now_datetime(), after_the_file), update_modified=False
			)


def note() -> None:
	"""After an installation or a migrate: remember what of ours stands as delivered, and what is new to an edited one."""
	known = memory.recall(KEY) or {}
	for doctype in _there():
		file = delivered(doctype)
		parts = _parts(doctype, file)
		seen = known.setdefault(doctype, {"modified": None, "parts": parts, "offered": []})
		if frappe.db.get_value(doctype, NAME, "modified") == get_datetime(file["modified"]):
			seen.update(modified=file["modified"], offered=[])
		else:
			new = [part for part in parts if part not in seen["parts"]]
			seen["offered"] = [part for part in parts if part in seen["offered"] or part in new]
		seen["parts"] = parts
	memory.remember(KEY, known)


def offered() -> list[dict[str, str]]:
	"""What updates brought that an edited layout has not: doctype, table, label."""
	found = []
	for doctype, seen in (memory.recall(KEY) or {}).items():
		if not seen["offered"] or not frappe.db.exists(doctype, NAME):
			continue
		there = _parts(doctype, frappe.get_doc(doctype, NAME).as_dict())
		found += [
			{"doctype": doctype, "table": table, "label": label}
			for table, label in map(tuple, seen["offered"])
			if [table, label] not in there
		]
	return found


def withdraw_offers() -> None:
	"""Nothing that was offered so far is offered again."""
	known = memory.recall(KEY) or {}
	for seen in known.values():
		seen["offered"] = []
	memory.remember(KEY, known)


def delivered(doctype: str) -> dict[str, Any]:
	"""A layout as the app's file has it."""
	return json.loads(Path(frappe.get_app_path("ops_delivery", *FILES[doctype])).read_text(encoding="utf-8"))


def _there() -> list[str]:
	return [
		doctype for doctype in FILES if frappe.db.table_exists(doctype) and frappe.db.exists(doctype, NAME)
	]


def _parts(doctype: str, layout: dict[str, Any]) -> list[list[str]]:
	"""[table, label] of each part that can be offered by itself; headings come with what stands under them."""
	return [
		[table, cstr(row.get(field))]
		for table, field in PARTS[doctype].items()
		for row in layout.get(table) or []
		if row.get("type") not in HEADINGS
	]
