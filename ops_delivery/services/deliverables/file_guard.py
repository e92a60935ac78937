"""What a deliverable consists of stays on the disk, private and as it is, until the deliverable is destroyed (8.2.a, 8.2.c.2).

Kept are the files of what is in review, published or archived, and, once it was published, those of every version that was
reviewed: a Rule Version stands for what the customer received, and its files go with the deliverable alone.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import switches

DOCTYPE, FILE, ROW, VERSION = "Deliverable", "File", "Deliverable File", "Rule Version"
KEPT = (life.IN_REVIEW, life.PUBLISHED, life.ARCHIVED)
FIXED = ("is_private", "file_url", "content_hash", "attached_to_doctype", "attached_to_name")


class StillNamed(frappe.ValidationError):
	"""A file was to be deleted, or to become another one, that a deliverable consists of."""


def guard_deletion(file: Any) -> None:
	"""Before the bytes of a File go: those of a kept one do not. StillNamed. No query for files of other records."""
	if file.attached_to_doctype != DOCTYPE or file.flags.ops_destroyed:
		return
	status = _kept_by(file.attached_to_name, file.file_url)
	if status:
		frappe.throw(
			_("{0} belongs to {1}, which is {2}. It goes when that is destroyed.").format(
				_bold(file), file.attached_to_name, _(status, context=DOCTYPE)
			),
			StillNamed,
		)


def shares_bytes(file: Any) -> bool:
	"""Whether a deliverable's File stands for the bytes that another File names; Frappe knows that by the noted hash alone."""
	if file.flags.ops_destroyed or not cstr(file.file_url).startswith("/private/") or not switches.uses(DOCTYPE):
		return False
	return bool(frappe.db.exists(FILE, {"file_url": file.file_url, "attached_to_doctype": DOCTYPE, "name": ["!=", file.name]}))


def guard_change(file: Any, _method: str | None = None) -> None:
	"""doc_events File.before_validate, before Frappe moves bytes: a kept file stays private, where it is and what it is,
	also where another File names the same bytes. StillNamed. No query unless one of these values changes."""
	before = None if file.is_new() else file.get_doc_before_save()
	if not before or file.is_folder:
		return
	changed = [field for field in FIXED if _plain(field, before) != _plain(field, file)]
	if not changed:
		return
	ours = [before] if before.attached_to_doctype == DOCTYPE else []
	if "is_private" in changed and switches.uses(DOCTYPE):
		# Frappe moves the bytes, and writes their new place to every File of that content
		ours += frappe.get_all(
			FILE,
			filters={"attached_to_doctype": DOCTYPE, "name": ["!=", file.name]},
			or_filters={"file_url": before.file_url, "content_hash": before.content_hash or before.name},
			fields=["file_url", "file_name", "attached_to_name"],
			order_by="creation",
		)
	for row in ours:
		status = _kept_by(row.attached_to_name, row.file_url)
		if status:
			frappe.throw(
				_("{0}: {1} belongs to {2}, which is {3}, and stays as it is: private, with this content. Revise {2} to deliver another file.").format(
					frappe.bold(_(file.meta.get_label(changed[0]), context=FILE)), _bold(row), row.attached_to_name, _(status, context=DOCTYPE)
				),
				StillNamed,
			)


def of_versions(deliverable: str) -> set[str]:
	"""The addresses of the files of every version of a deliverable that is on record."""
	texts = frappe.get_all(VERSION, {"reference_doctype": DOCTYPE, "reference_name": deliverable}, pluck="content")
	rows = [row for text in texts for row in (json.loads(text or "{}").get("fields") or {}).get("files") or ()]
	return {row["file"] for row in rows if row.get("file")}


def _kept_by(deliverable: str | None, url: str | None) -> str:
	"""The phase of the deliverable, if the file is one that it keeps; else ""."""
	found = frappe.db.get_value(DOCTYPE, deliverable, ["status", "published_on"], as_dict=True)
	if not found or found.status == life.DESTROYED:
		return ""
	if found.status in KEPT and frappe.db.exists(ROW, {"parent": deliverable, "parenttype": DOCTYPE, "file": url}):
		return found.status
	return found.status if found.published_on and url in of_versions(deliverable) else ""


def _plain(field: str, file: Any) -> Any:
	return cint(file.get(field)) if field == "is_private" else cstr(file.get(field))


def _bold(file: Any) -> str:
	return frappe.bold(escape_html(cstr(file.file_name)))
