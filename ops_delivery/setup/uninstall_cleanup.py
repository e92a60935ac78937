"""What Frappe leaves behind of an uninstalled app: records of its own that name our DocTypes or our module."""

from __future__ import annotations

import os
from pathlib import Path

import frappe

from ops_delivery.services.portal import switch as portal_switch

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
	"Client Script": "dt",
	"Server Script": "reference_doctype",
	"Number Card": "document_type",
	"Dashboard Chart": "document_type",
}


def our_doctypes() -> list[str]:
	"""The names of our DocTypes from the source tree: the site no longer knows them."""
	return our_records("DocType")


def our_records(kind: str) -> list[str]:
	"""The names of our records of a kind that comes as files, such as Report; each has a folder of its own."""
	folder = Path(frappe.get_app_path("ops_delivery", "ops_delivery", frappe.scrub(kind)))
	return sorted(
		frappe.parse_json(path.read_text(encoding="utf-8"))["name"]
		for path in folder.glob(f"*{os.sep}*.json")
	)


def clear() -> None:
	"""Delete them."""
	names = our_doctypes()
	files = _files(names)
	_clear_messages(names)
	for doctype, field in NAMES_A_DOCTYPE.items():
		if frappe.db.table_exists(doctype):
			frappe.db.delete(doctype, {field: ["in", names]})
	if frappe.db.table_exists("Permission Log"):  # 16 notes there that their roles were taken away
		for kind in ("DocType", "Report", "Page"):
			frappe.db.delete("Permission Log", {"for_doctype": kind, "for_document": ["in", our_records(kind)]})
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
	_take_from_disk(files)


def _files(names: list[str]) -> list[str]:
	"""The addresses of what hangs on our records and on the messages about them."""
	file, message = frappe.qb.DocType("File"), frappe.qb.DocType("Communication")
	ours = frappe.qb.from_(message).select(message.name).where(message.reference_doctype.isin(names))
	on_messages = (file.attached_to_doctype == "Communication") & file.attached_to_name.isin(ours)
	return (
		frappe.qb.from_(file)
		.select(file.file_url)
		.distinct()
		.where((file.attached_to_doctype.isin(names) | on_messages) & (file.is_folder == 0))
	).run(pluck=True)


def _take_from_disk(addresses: list[str]) -> None:
	"""Delete what no row of File names any more; several may share a file."""
	named = set(
		frappe.get_all("File", filters={"file_url": ["in", addresses or [""]]}, pluck="file_url", order_by="name")
	)
	for address in addresses:
		for begin, folder in (("/private/files/", ("private", "files")), ("/files/", ("public", "files"))):
			name = (address or "").removeprefix(begin)
			if address and address not in named and name != address and name == os.path.basename(name):
				Path(frappe.get_site_path(*folder, name)).unlink(missing_ok=True)


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
