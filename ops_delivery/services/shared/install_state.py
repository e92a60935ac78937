"""What set-up remembers on the site, so that a seed is planted once and uninstall takes only what is ours."""

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
)


def recall(key: str) -> Any:
	"""The remembered value, or None; from the table, as Frappe does not renew its cache of it during an install."""
	stored = frappe.db.get_value("DefaultValue", {"parent": "__global", "defkey": key}, "defvalue")
	return json.loads(stored) if stored else None


def remember(key: str, value: Any) -> None:
	"""Keep a JSON value in the site's global defaults."""
	assert key in KEYS
	frappe.db.set_global(key, json.dumps(value))


def forget_all() -> None:
	"""Leave nothing behind (uninstall)."""
	frappe.db.delete("DefaultValue", {"parent": "__global", "defkey": ["in", KEYS]})
	frappe.clear_cache()
