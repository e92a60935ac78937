"""What set-up and daily runs remember on the site: a seed is planted once, uninstall takes only what is ours, a run goes on where it was."""

from __future__ import annotations

import json
from typing import Any

import frappe

KEYS = (
	"ops_delivery_seeds",
	"ops_delivery_roles_before",
	"ops_delivery_ready_made",
	"ops_delivery_host_rules",
	"ops_delivery_words",
	"ops_delivery_search",
	"ops_delivery_layouts",
	"ops_delivery_evidence",
	"ops_delivery_search_index",
)


def recall(key: str) -> Any:
	"""The remembered value, or None; from the table, as Frappe does not renew its cache of it during an install."""
	stored = frappe.db.get_value("DefaultValue", {"parent": "__global", "defkey": key}, "defvalue")
	return json.loads(stored) if stored else None


def remember(key: str, value: Any) -> None:
	"""Keep a JSON value among the site's global defaults. Not by Frappe's own way, which empties the cache of the whole site: jobs note
	here how far they are, and `recall` asks the table."""
	assert key in KEYS
	where, text = {"parent": "__global", "defkey": key}, json.dumps(value)
	if name := frappe.db.get_value("DefaultValue", where):
		frappe.db.set_value("DefaultValue", name, "defvalue", text, update_modified=False)
		return
	row = {"doctype": "DefaultValue", "parenttype": "__default", "parentfield": "system_defaults", **where, "defvalue": text}
	frappe.get_doc(row).insert(ignore_permissions=True)


def forget_all() -> None:
	"""Leave nothing behind (uninstall)."""
	frappe.db.delete("DefaultValue", {"parent": "__global", "defkey": ["in", KEYS]})
	frappe.clear_cache()
