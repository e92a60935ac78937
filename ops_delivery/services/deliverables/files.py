"""The files of a deliverable: private, its own, kept as they were published, gone when it is destroyed (8.2.c.2, 8.2.e)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import life
from ops_delivery.permissions import steps as by_steps
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, FILE, ROW = "Deliverable", "File", "Deliverable File"
PRIVATE = "/private/files/"
KEPT = (life.IN_REVIEW, life.PUBLISHED, life.ARCHIVED)
COLUMNS = ["name", "file_url", "file_name", "content_hash", "is_private", "attached_to_doctype", "attached_to_name", "owner"]


class NotPrivate(frappe.ValidationError):
	"""A file stands where anybody can fetch it, or is not there."""


class StillNamed(frappe.ValidationError):
	"""A file was to be deleted that a deliverable in review, published or archived consists of."""


def check(doc: Any) -> None:
	"""Each row names a private file that is there and that its author may read; its fingerprint is noted. NotPrivate."""
	known = _files([row.file for row in doc.files])
	for row in doc.files:
		where = _("{0}, row {1}").format(frappe.bold(_(doc.meta.get_label("files"), context=DOCTYPE)), row.idx)
		said = frappe.bold(escape_html(cstr(row.file)))
		if not cstr(row.file).startswith(PRIVATE):
			frappe.throw(_("{0}: {1} is no private file. Upload it as a private one.").format(where, said), NotPrivate)
		found = known.get(row.file) or []
		mine = next((file for file in found if _is_of(file, doc)), None)
		readable = mine or next((file for file in found if _may_take(file)), None)
		if not readable:
			frappe.throw(_("{0}: there is no file {1} that you can see. Upload it here.").format(where, said), NotPrivate)
		row.fingerprint = readable.content_hash


def keep(doc: Any) -> None:
	"""After a save: each file hangs on the deliverable, so that its rules hold for whoever asks for it."""
	known = _files([row.file for row in doc.files])
	for url, found in known.items():
		if any(_is_of(file, doc) for file in found):
			continue
		loose = next((file for file in found if file.owner == frappe.session.user and not _hangs(file)), None)
		if loose:
			frappe.db.set_value(FILE, loose.name, {"attached_to_doctype": DOCTYPE, "attached_to_name": doc.name})
		else:
			first = found[0]
			values = {"file_url": url, "file_name": first.file_name, "content_hash": first.content_hash, "is_private": 1}
			file = frappe.get_doc({"doctype": FILE, **values, "attached_to_doctype": DOCTYPE, "attached_to_name": doc.name})
			file.flags.ignore_duplicate_entry_error = True
			file.insert(ignore_permissions=True)
	before = doc.get_doc_before_save()
	if doc.status == life.DESTROYED and before and before.status != life.DESTROYED:
		job_queue.enqueue_after_commit(
			"ops_delivery.services.deliverables.files.remove", queue="short", deliverable=doc.name
		)


def guard_deletion(file: Any, _method: str | None = None) -> None:
	"""doc_events File.on_trash: what a deliverable in review, published or archived consists of is not deleted. StillNamed."""
	if file.attached_to_doctype != DOCTYPE or file.flags.ops_destroyed:
		return
	status = frappe.db.get_value(DOCTYPE, file.attached_to_name, "status")
	if status in KEPT and frappe.db.exists(ROW, {"parent": file.attached_to_name, "file": file.file_url}):
		frappe.throw(
			_("{0} belongs to {1}, which is {2}. It goes when that is destroyed.").format(
				frappe.bold(escape_html(cstr(file.file_name))), file.attached_to_name, _(status, context=DOCTYPE)
			),
			StillNamed,
		)


def remove(deliverable: str) -> None:
	"""Job: the files of a destroyed deliverable go; once more, it finds nothing. Its rows keep names and fingerprints."""
	doc = frappe.get_doc(DOCTYPE, deliverable, for_update=True)
	if doc.status != life.DESTROYED or doc.files_removed_on:
		return
	names = frappe.get_all(FILE, {"attached_to_doctype": DOCTYPE, "attached_to_name": doc.name}, pluck="name", order_by="creation")
	for name in names:
		file = frappe.get_doc(FILE, name)
		file.flags.ops_destroyed = True
		file.delete(ignore_permissions=True, delete_permanently=True)
	by_steps.take(doc).db_set("files_removed_on", site_now().replace(microsecond=0))


def remove_left() -> None:
	"""Scheduled daily: destroyed deliverables whose files are still there, as their job was lost."""
	filters = {"status": life.DESTROYED, "files_removed_on": ["is", "not set"]}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", order_by="name", limit=100):
		remove(name)
		frappe.db.commit()  # nosemgrep: each by itself


def file_of(doc: Any, row: str) -> Any | None:
	"""The File document of a row (its name) of a deliverable; None if there is none."""
	named = next((one for one in doc.files if one.name == row), None)
	found = [file for file in _files([named.file]).get(named.file, ()) if _is_of(file, doc)] if named else []
	return frappe.get_doc(FILE, found[0].name) if found else None


def _files(urls: list[str]) -> dict[str, list[frappe._dict]]:
	found: dict[str, list[frappe._dict]] = {}
	named = sorted(filter(None, urls))
	for row in frappe.get_all(FILE, {"file_url": ["in", named], "is_folder": 0}, COLUMNS, order_by="creation") if named else ():
		found.setdefault(row.file_url, []).append(row)
	return found


def _is_of(file: Any, doc: Any) -> bool:
	return file.attached_to_doctype == DOCTYPE and file.attached_to_name == doc.name


def _hangs(file: Any) -> bool:
	"""Whether a file hangs on a record that is there; a form that was not saved yet has uploaded it for none."""
	return bool(file.attached_to_name and frappe.db.exists(file.attached_to_doctype, file.attached_to_name))


def _may_take(file: Any) -> bool:
	if file.owner == frappe.session.user:
		return True
	return bool(frappe.has_permission(FILE, "read", doc=frappe.get_doc(FILE, file.name)))
