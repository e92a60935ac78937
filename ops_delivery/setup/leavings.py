"""What Frappe leaves behind of an uninstalled app: records of its own that name our DocTypes or our module."""

from __future__ import annotations

import os
from pathlib import Path

import frappe

APP, MODULE = "ops_delivery", "Ops Delivery"
# Frappe 16's ways to our workspace -> their rows
WAYS_IN = {"Workspace Sidebar": "Workspace Sidebar Item", "Desktop Icon": "Has Role"}

# DocType -> the field that names one of our DocTypes
NAMES_A_DOCTYPE = {
	"Version": "ref_doctype",
	"Comment": "reference_doctype",
	"Activity Log": "reference_doctype",
	"View Log": "reference_doctype",
	"ToDo": "reference_type",
	"DocShare": "share_doctype",
	"Document Follow": "ref_doctype",
	"Notification Log": "document_type",
	"Tag Link": "document_type",
	"Workflow Action": "reference_doctype",
	"Custom Field": "dt",
	"Property Setter": "doc_type",
	"Custom DocPerm": "parent",
	"User Permission": "allow",
	"List Filter": "reference_doctype",
	"Kanban Board": "reference_doctype",
	"Assignment Rule": "document_type",
	"Auto Repeat": "reference_doctype",
	"Email Queue": "reference_doctype",
	"File": "attached_to_doctype",
	"Deleted Document": "deleted_doctype",
	"Notification": "document_type",
	"Data Import": "reference_doctype",
	"Document Naming Rule": "document_type",
	"Access Log": "export_from",
}


def our_doctypes() -> list[str]:
	"""The names of our DocTypes from the source tree: the site no longer knows them."""
	folder = Path(frappe.get_app_path("ops_delivery", "ops_delivery", "doctype"))
	return sorted(
		frappe.parse_json(path.read_text(encoding="utf-8"))["name"]
		for path in folder.glob(f"*{os.sep}*.json")
	)


def clear() -> None:
	"""Delete them."""
	names = our_doctypes()
	for doctype, field in NAMES_A_DOCTYPE.items():
		if frappe.db.table_exists(doctype):
			frappe.db.delete(doctype, {field: ["in", names]})
	frappe.db.delete("Block Module", {"module": MODULE})
	for doctype, rows in WAYS_IN.items():
		if frappe.db.table_exists(doctype):
			own = frappe.get_all(doctype, filters={"app": APP}, pluck="name", order_by="name") or [""]
			frappe.db.delete(rows, {"parent": ["in", own], "parenttype": doctype})
			frappe.db.delete(doctype, {"name": ["in", own]})
	jobs = frappe.get_all(
		"Scheduled Job Type", filters={"method": ["like", "ops_delivery.%"]}, pluck="name", order_by="name"
	)
	frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": ["in", jobs or [""]]})
	frappe.db.delete("Scheduled Job Type", {"name": ["in", jobs or [""]]})
	routes = [item["route"] for item in frappe.get_hooks("standard_portal_menu_items", app_name=APP)]
	frappe.db.delete("Portal Menu Item", {"parentfield": "menu", "route": ["in", routes]})
	frappe.clear_document_cache("Portal Settings", "Portal Settings")
	frappe.db.delete("Patch Log", {"patch": ["like", "ops_delivery.%"]})
	frappe.db.delete("Singles", {"doctype": ["in", names]})
	frappe.db.delete("__UserSettings", {"doctype": ["in", names]})
