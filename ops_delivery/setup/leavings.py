"""What Frappe leaves behind of an uninstalled app: records of its own that name our DocTypes or our module."""

from __future__ import annotations

import os
from pathlib import Path

import frappe

from ops_delivery.services import portal_switch

APP, MODULE = "ops_delivery", "Ops Delivery"
# Frappe 16's ways to our workspace -> their rows
WAYS_IN = {"Workspace Sidebar": "Workspace Sidebar Item", "Desktop Icon": "Has Role"}

# DocType -> the field that names one of our DocTypes
NAMES_A_DOCTYPE = {
	"Communication": "reference_doctype",
	"Communication Link": "link_doctype",
	"Dynamic Link": "link_doctype",
	"Document Share Key": "reference_doctype",
	"Event Participants": "reference_doctype",
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
	_clear_messages(names)
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
	portal_switch.remove_entries()
	frappe.db.delete("Patch Log", {"patch": ["like", "ops_delivery.%"]})
	frappe.db.delete("Singles", {"doctype": ["in", names]})
	frappe.db.delete("__UserSettings", {"doctype": ["in", names]})


def _clear_messages(names: list[str]) -> None:
	"""What hangs on the messages about records of ours: who they are from and to, and their files' rows. Complaints are
	confidential by rules that go with us, so no message of one may stay."""
	message, row = frappe.qb.DocType("Communication"), frappe.qb.DocType("Communication Link")
	ours = frappe.qb.from_(message).select(message.name).where(message.reference_doctype.isin(names))
	frappe.qb.from_(row).delete().where((row.parenttype == "Communication") & row.parent.isin(ours)).run()
	file = frappe.qb.DocType("File")
	frappe.qb.from_(file).delete().where(
		(file.attached_to_doctype == "Communication") & file.attached_to_name.isin(ours)
	).run()
