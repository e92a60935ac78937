"""What a user without the desk may do to records that hang on others: files, comments, messages, assignments, links.

Frappe lets everybody who has logged in make, change and delete files and ToDos, and knows a file by its address: whoever
writes a File row with the address of another's file owns a row of it, and so reads it. Here they attach to what they may
write, name files that they may read, comment in their own name on what they may see, and take nothing back that we keep.

Our own pages and jobs write with permissions ignored and say by a flag what they do; these rules are about what comes
from outside. Where we serve nobody yet, nothing is refused.
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, get_fullname

from ops_delivery.framework import NO_OBJECTION
from ops_delivery.permissions import ownership, reach

OURS = "Ops Delivery"
KEPT_WITH = frozenset({"Issue", "Communication"})  # with every record of ours; what hangs on them is evidence
SPOKEN = frozenset({"Comment", "Like"})  # what people write; the rest of Comment is written by Frappe itself


def guard_attach_fields(doc: Any, _method: str | None = None) -> None:
	"""doc_events *.before_validate: Frappe hands the file named in an Attach field over to the record."""
	if not _is_outsider() or doc.doctype == "File":
		return
	stored = None
	for field in doc.meta.get("fields", {"fieldtype": ["in", ["Attach", "Attach Image"]]}):
		named = cstr(doc.get(field.fieldname))
		if not _as_stored(named):
			continue
		if stored is None and not doc.is_new():
			stored = frappe.db.get_value(doc.doctype, doc.name, "*", as_dict=True) or {}
		if cstr((stored or {}).get(field.fieldname)) != named:
			_check_named_file(named)


def file_permission(doc: Any, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool | None:
	"""Hook of has_permission, for creating alone: it sees what was asked for before Frappe reads the named file in and
	takes its content for an upload."""
	if ptype == "create" and doc.is_new() and doc.get("file_url") and _is_outsider():
		_check_named_file(cstr(doc.file_url))
	return NO_OBJECTION


def guard_file(doc: Any, _method: str | None = None) -> None:
	"""doc_events File.before_insert and before_validate: no row for another's file, none on another's record."""
	if not _is_outsider():
		return
	stored = None if doc.is_new() else frappe.db.get_value("File", doc.name, "*", as_dict=True)
	if doc.is_new():
		doc.owner = frappe.session.user
	if doc.is_folder:
		_refuse(_("A folder is not for you to make or change."))
	if stored and cstr(stored.file_url) != cstr(doc.file_url):
		_check_named_file(cstr(doc.file_url))
	target = (doc.attached_to_doctype, doc.attached_to_name)
	if stored and (stored.attached_to_doctype, stored.attached_to_name) != target:
		if _is_kept(stored.attached_to_doctype):
			_refuse_taking_back()
		_check_may_attach(*target)
	elif stored is None and not doc.flags.ignore_permissions:
		_check_may_attach(*target)
	if stored and stored.owner != doc.owner:
		_refuse(_("Whose file it is stays as it is."))


def guard_file_deletion(doc: Any) -> None:
	"""Before a File and its bytes go (deleted_bytes.py)."""
	if _is_outsider() and (_is_kept(doc.attached_to_doctype) or doc.owner != frappe.session.user):
		_refuse_taking_back()


def guard_comment(doc: Any, _method: str | None = None) -> None:
	"""doc_events Comment.before_validate: in one's own name, on what one may see."""
	if not _is_outsider() or doc.comment_type not in SPOKEN:
		return
	user = frappe.session.user
	doc.comment_email, doc.comment_by = user, get_fullname(user)
	if doc.is_new():
		doc.owner = user
	elif frappe.db.get_value("Comment", doc.name, "owner") != user:
		_refuse(_("This comment is somebody else's."))
	if not _may_see(doc.reference_doctype, doc.reference_name):
		_refuse(_("There is nothing here that you could comment on."))


def guard_message(doc: Any, _method: str | None = None) -> None:
	"""doc_events Communication.before_validate: a message that was sent is kept as it was."""
	if not _is_outsider() or doc.flags.ignore_permissions:
		return
	if not doc.is_new():
		_refuse_taking_back()
	if not _may_see(doc.reference_doctype, doc.reference_name):
		_refuse(_("There is no record here that you could write to."))
	doc.sender, doc.sender_full_name = ownership.address_of(frappe.session.user), get_fullname(frappe.session.user)


def guard_kept(doc: Any, _method: str | None = None) -> None:
	"""doc_events on_trash of Comment, Communication and ToDo: what hangs on a record that we keep is not taken back."""
	if _is_outsider() and (doc.doctype == "Communication" or _is_kept(_reference(doc)[0])):
		_refuse_taking_back()


def guard_todo(doc: Any, _method: str | None = None) -> None:
	"""doc_events ToDo.before_validate: who works on a request is for us to say."""
	if not _is_outsider() or doc.flags.ignore_permissions:
		return
	stored = None if doc.is_new() else frappe.db.get_value("ToDo", doc.name, "*", as_dict=True)
	if _is_kept(doc.reference_type) or (stored and _is_kept(stored.reference_type)):
		_refuse(_("Who works on it is for us to say."))
	if doc.reference_type and not _may_see(doc.reference_type, doc.reference_name):
		_refuse(_("There is no record here that you could make a task of."))


def guard_hanging(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate of DocShare, Document Follow and Tag Link: none on a record that one may not see."""
	if not _is_outsider() or doc.flags.ignore_permissions or doc.flags.ignore_share_permission:
		return
	if not _may_see(*_reference(doc)):
		_refuse(_("There is no such record here."))


def _is_outsider() -> bool:
	return reach.has_no_desk(frappe.session.user) and reach.is_in_use()


def _is_kept(doctype: str | None) -> bool:
	if not doctype:
		return False
	return doctype in KEPT_WITH or frappe.get_cached_value("DocType", doctype, "module") == OURS


def _reference(doc: Any) -> tuple[str | None, str | None]:
	for doctype_field, name_field in (
		("reference_doctype", "reference_name"),
		("reference_type", "reference_name"),
		("share_doctype", "share_name"),
		("ref_doctype", "ref_docname"),
		("document_type", "document_name"),
	):
		if doc.meta.has_field(doctype_field):
			return doc.get(doctype_field), doc.get(name_field)
	return None, None


def _check_named_file(url: str) -> None:
	"""A file of this site may be named by who may read it; of another site nobody knows."""
	path = _as_stored(url)
	if not path:
		return
	rows = frappe.get_all("File", filters={"file_url": path}, fields=["*"], order_by="name")
	if not any(frappe.get_doc({"doctype": "File", **row}).has_permission("read") for row in rows):
		_refuse(_("There is no file {0} that you could use.").format(frappe.bold(escape_html(url[:140]))))


def _as_stored(url: str) -> str:
	"""The address of a file of this site in the one way that Frappe keeps it; "" for any other address."""
	before, path = "", url
	while before != path:
		before, path = path, unquote(path)
	path = posixpath.normpath("/" + path.replace("\\", "/").lstrip("/"))
	return path if path.startswith(("/files/", "/private/files/")) else ""


def _check_may_attach(doctype: str | None, name: str | None) -> None:
	if not doctype:
		return
	if not name or not frappe.db.exists(doctype, name):
		return  # a form that is not saved yet; the file stays its maker's
	record = frappe.get_doc(doctype, name)
	user = frappe.session.user
	if record.get("owner") == user and not _is_kept(doctype):
		return
	if doctype == "Issue" and ownership.may_see(record, user, "write"):
		return
	if not record.has_permission("write"):
		_refuse(_("You cannot attach a file to {0}.").format(frappe.bold(escape_html(cstr(name)[:140]))))


def _may_see(doctype: str | None, name: str | None) -> bool:
	if not doctype or not name or not frappe.db.exists(doctype, name):
		return False
	record = frappe.get_doc(doctype, name)
	if cint(record.get("published")) or record.get("owner") == frappe.session.user:
		return True
	return bool(record.has_permission("read") or frappe.has_website_permission(record))


def _refuse_taking_back() -> None:
	_refuse(_("What was sent to us is kept. Tell us what is wrong with it, and we put it right."))


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError)
