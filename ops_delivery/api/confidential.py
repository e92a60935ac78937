"""Frappe's search of everything asks for no permission of a record; what hangs on a complaint is left out (5.4.d)."""

from typing import Any

import frappe
from frappe.desk.form import linked_with
from frappe.utils import global_search

from ops_delivery.permissions import confidential
from ops_delivery.framework import MAJOR


@frappe.whitelist()
def search(text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict[str, Any]]:
	"""In place of frappe.utils.global_search.search: the same, without what the user may not know of complaints."""
	return confidential.readable(global_search.search(text, start, limit, doctype))


@frappe.whitelist()
def linked(doctype: str, docname: str) -> dict[str, Any]:
	"""In place of Frappe's list of linked records: Frappe 16 adds how many there are that the user may not see, and of
	ours and what hangs on them not even that is told."""
	found = linked_with.get(doctype, docname) or {}
	if MAJOR < 16:
		return found
	for kind, entry in list(found.items()):
		if isinstance(entry, dict) and (kind in confidential.REFERENCES or frappe.get_meta(kind).module == "Ops Delivery"):
			entry["hidden_count"] = 0
			if not entry.get("docs"):
				del found[kind]
	return found
