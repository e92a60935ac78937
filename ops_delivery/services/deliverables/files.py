"""The files of a deliverable: private, its own, kept as they were published, gone when it is destroyed (8.2.c.2, 8.2.e)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.file.utils import get_content_hash
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import life
from ops_delivery.services.deliverables import destruction, file_guard, sealing
from ops_delivery.services.papers import kept_prints
from ops_delivery.services.shared import job_queue
from ops_delivery.services.shared.locale import in_site_language

DOCTYPE, FILE = file_guard.DOCTYPE, file_guard.FILE
PRIVATE = "/private/files/"
SAVEPOINT = "ops_files_removed"
COLUMNS = ["name", "file_url", "file_name", "content_hash", "is_private", "attached_to_doctype", "attached_to_name", "owner"]


class NotPrivate(frappe.ValidationError):
	"""A file stands where anybody can fetch it, or is not there."""


class OtherContent(frappe.ValidationError):
	"""A file was to be handed out whose bytes are not those that were published."""


def check(doc: Any) -> None:
	"""Each row names a private file that is there and that its author may read; its fingerprint is noted. NotPrivate."""
	known = _files([row.file for row in doc.files])
	before = doc.get_doc_before_save()
	earlier = {row.file: row.fingerprint for row in before.files} if before else {}
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
		row.fingerprint = readable.content_hash or earlier.get(row.file) or get_content_hash(_bytes(readable.name) or b"")


def keep(doc: Any) -> None:
	"""After a save: each file hangs on the deliverable, so that its rules hold for whoever asks for it."""
	before = doc.get_doc_before_save()
	if doc.status in (*life.OPEN, *file_guard.KEPT):
		_hang(doc)
	elif doc.status == life.DESTROYED and before and before.status != life.DESTROYED:
		job_queue.enqueue_after_commit(
			"ops_delivery.services.deliverables.files.remove", queue="short", deliverable=doc.name
		)


@in_site_language
def remove(deliverable: str) -> None:
	"""Job: the files of a destroyed deliverable go, of all its versions, with what was uploaded for it alone; once more, it
	finds nothing. Its rows keep names and fingerprints.

	Where another record has the same content, that stays as the record's own: a remark names it, and *Files removed on* waits.
	"""
	doc = frappe.get_doc(DOCTYPE, deliverable, for_update=True)
	if doc.status != life.DESTROYED or doc.files_removed_on:
		return
	going = [file for file in _alike(doc) if _is_of(file, doc) or _came_in_for(file, doc)]
	destruction.put_down(doc, going)
	for file in going:
		_delete(file.name, bool(doc.overwrite_files))
	kept_prints.forget(DOCTYPE, doc.name)
	left = _alike(doc)
	if left:
		_say_what_is_left(doc, left)
	else:
		destruction.certify(doc)


def remove_left() -> None:
	"""Scheduled daily: destroyed deliverables whose files are still there: their job was lost, or others have the same content."""
	filters = {"status": life.DESTROYED, "files_removed_on": ["is", "not set"]}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", order_by="name"):
		frappe.db.savepoint(SAVEPOINT)
		try:
			remove(name)
		except frappe.QueryDeadlockError:
			raise  # it has taken the savepoint back, too
		except Exception:
			frappe.db.rollback(save_point=SAVEPOINT)
			frappe.clear_messages()
			frappe.log_error(title=f"Ops Delivery: the files of {name} could not be removed", reference_doctype=DOCTYPE, reference_name=name)
		frappe.db.commit()  # nosemgrep: each by itself


def handed_out(doc: Any, row: str) -> tuple[str, bytes] | None:
	"""Name and bytes of the file of a row (its name) of a deliverable; None if there is none. OtherContent, and a word to who
	looks after the system, where they are not what was published."""
	named = next((one for one in doc.files if one.name == row), None)
	found = [file for file in _files([named.file]).get(named.file, ()) if _is_of(file, doc)] if named else []
	if not found:
		return None
	content = _bytes(found[0].name)
	if content is None or get_content_hash(content) != named.fingerprint:
		frappe.log_error(
			title=f"Ops Delivery: a file of {doc.name} is not what was published",
			message=f"row {named.idx}, File {found[0].name}: " + ("missing" if content is None else get_content_hash(content)),
			defer_insert=True,  # a request that fails takes back what it wrote
		)
		frappe.throw(
			_("{0} is not what was published, so it is not handed out. Please tell us.").format(
				frappe.bold(escape_html(cstr(found[0].file_name)))
			),
			OtherContent,
		)
	return found[0].file_name, content


def _hang(doc: Any) -> None:
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
			file.flags.ignore_duplicate_entry_error = file.flags.ops_ours = True
			file.insert(ignore_permissions=True)


def _alike(doc: Any) -> list[frappe._dict]:
	"""The Files that hang on a deliverable, and all others with the content of one of these or of one of its versions."""
	table = frappe.qb.DocType(FILE)
	hanging = (table.attached_to_doctype == DOCTYPE) & (table.attached_to_name == doc.name)
	own = frappe.qb.from_(table).select(table.file_url, table.content_hash).where(hanging).run(as_dict=True)
	urls = {row.file for row in doc.files} | file_guard.of_versions(doc.name) | {row.file_url for row in own}
	prints = {row.fingerprint for row in doc.files} | {row.content_hash for row in own}
	urls, prints = sorted(filter(None, urls)), sorted(filter(None, prints))
	wanted = hanging
	if urls:
		wanted |= table.file_url.isin(urls)
	if prints:
		wanted |= table.content_hash.isin(prints)
	columns = [table[column] for column in COLUMNS]
	return frappe.qb.from_(table).select(*columns).where(wanted & (table.is_folder == 0)).orderby(table.creation).run(as_dict=True)


def _came_in_for(file: Any, doc: Any) -> bool:
	"""Whether it is a private upload that hangs on nothing, nor on another form that is open, of one who wrote the deliverable."""
	loose = not file.attached_to_name or (file.attached_to_doctype == DOCTYPE and not _hangs(file))
	return bool(file.is_private) and loose and file.owner in {doc.owner, doc.compiler, *_written_by(doc)}


def _written_by(doc: Any) -> list[str]:
	"""Who wrote on any version of it."""
	return frappe.get_all("Service Authorship", {"reference_doctype": DOCTYPE, "reference_name": doc.name}, pluck="user")


def _delete(name: str, overwrites: bool) -> None:
	if not frappe.db.exists(FILE, name):
		return  # another run was there before
	file = frappe.get_doc(FILE, name)
	path = sealing.path_of(file.file_url)
	if overwrites and path.exists() and frappe.db.count(FILE, {"file_url": file.file_url}) == 1:
		destruction.overwrite(path)
	file.flags.ops_destroyed = True
	file.delete(ignore_permissions=True, delete_permanently=True)
	if not frappe.db.exists(FILE, {"file_url": file.file_url}):
		sealing.clear_beside(sealing.path_of(file.file_url), older_than=0)
		# Frappe leaves them where another File has the same content, be it in another place
		file.delete_file_data_content()


def _say_what_is_left(doc: Any, left: list[frappe._dict]) -> None:
	"""Once: a remark on the deliverable, with the Files but not the records they hang on, which not every reader may know."""
	named = ", ".join(f"{file.file_name} (File {file.name}, {_(file.attached_to_doctype or 'File')})" for file in left)
	said = escape_html(_("The same content is still there as a file of other records: {0}. Delete it there if it is to go, too.").format(named))
	known = {"reference_doctype": DOCTYPE, "reference_name": doc.name, "comment_type": "Info"}
	if said not in frappe.get_all("Comment", known, pluck="content"):
		doc.add_comment("Info", said)


def _bytes(name: str) -> bytes | None:
	"""What lies on the disk for a File, encrypted or not; None where nothing does."""
	try:
		file = frappe.get_doc(FILE, name)
		with open(file.get_full_path(), "rb") as opened:
			return sealing.plain(opened.read(), cstr(file.file_name))
	except OSError:
		return None


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
