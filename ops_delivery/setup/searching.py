"""Our DocTypes among those that Frappe's search lists (Global Search Settings): offered once, then the site's to change."""

from __future__ import annotations

import frappe

from ops_delivery.search_types import TYPES
from ops_delivery.services.shared import install_state as memory

SETTINGS, ROW, TABLE = "Global Search Settings", "Global Search DocType", "allowed_in_global_search"
KEY = "ops_delivery_search"


def offer() -> None:
	"""Add those that were never offered on this site. Where nothing is listed yet, the host's set-up will: it asks our hook
	global_search_doctypes."""
	offered = set(memory.recall(KEY) or ())
	listed = frappe.get_all(ROW, filters={"parent": SETTINGS}, fields=["document_type", "idx"], order_by="idx")
	if not listed:
		return
	known = offered | {row.document_type for row in listed}
	new = [doctype for doctype in TYPES if doctype not in known]
	for number, doctype in enumerate(new, start=listed[-1].idx + 1):
		row = frappe.new_doc(ROW)
		row.update({"document_type": doctype, "parent": SETTINGS, "parenttype": SETTINGS, "parentfield": TABLE})
		row.update({"idx": number, "name": frappe.generate_hash(length=10)})
		row.db_insert()  # a row beside the others: saving the settings whole would make them ours
	if {*TYPES} - offered:
		memory.remember(KEY, sorted(offered | {*TYPES}))
	_forget()


def withdraw() -> None:
	"""Take them from the list."""
	frappe.db.delete(ROW, {"parent": SETTINGS, "document_type": ["in", TYPES]})
	_forget()


def _forget() -> None:
	frappe.cache.hdel("global_search", "search_priorities")
