"""The doors by which Frappe hands out the bytes of a file, asked by the security class of the deliverable that they belong to (8.2.c.2).

Frappe gives a file to whoever may read the record it hangs on, or has uploaded it; it asks no hook. So this is asked where a request
is let in, whoever made the File. Copies of classes with a watermark, and files that are encrypted, go by our own door.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any
from urllib.parse import quote, unquote

import frappe
from frappe import _
from frappe.utils import cstr, escape_html
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.permissions import access_notes, reach, secrecy, secret_records, switches
from ops_delivery.permissions.ownership import is_staff

FILE, DELIVERABLE, ROW = "File", secrecy.DELIVERABLE, "Deliverable File"
PRIVATE = "/private/files/"
BY_ADDRESS, BY_NAME = "download_file", "zip_files"  # functions of Frappe's, under whatever path
DOORS = {True: "download", False: "file"}  # of api/deliverables.py, by whether the reader is staff


def check_request() -> None:
	"""Hook auth_hooks: no bytes of a deliverable to whom its class gives none. NotForThisReader, or sent on to our door. No query for
	requests that ask for no private file."""
	request = getattr(frappe.local, "request", None)
	if not request:
		return
	by_path = request.path.startswith(PRIVATE)
	addresses = [request.path] if by_path else _named(request)
	if not addresses or not switches.uses(*secrecy.GUARDED):
		return
	for address in {normal(each) for each in addresses}:
		check(address, by_path)


def check(address: str, may_be_sent_on: bool = False) -> None:
	"""Refuse the bytes at an address of ours as they lie there, or send a browser on to where they are handed out."""
	user = frappe.session.user
	rows = frappe.get_all(FILE, {"file_url": address}, ["name", "owner", "creation", "attached_to_doctype", "attached_to_name", "is_private", "file_url"])
	ours = [row for row in rows if row.attached_to_doctype in secrecy.GUARDED and frappe.db.exists(row.attached_to_doctype, row.attached_to_name)]
	if not ours:
		return
	first = min(row.creation for row in ours)
	for row in rows:
		# another record's file that was there before stays that record's own
		if row not in ours and row.creation < first and frappe.get_doc({"doctype": FILE, **row}).has_permission("read"):
			return
	docs = [frappe.get_doc(row.attached_to_doctype, row.attached_to_name) for row in ours]
	staff = is_staff(user)
	open_ones = [doc for doc in docs if secret_records.may(doc, acts.DOWNLOAD, user) and (not staff or doc.has_permission("read"))]
	if not open_ones:
		secret_records.refuse(docs[0], acts.DOWNLOAD)
	if all(_as_it_lies(doc) for doc in open_ones):
		access_notes.note(open_ones[0], access_notes.DOWNLOADED, address.rpartition("/")[2])
		return
	doc = next((each for each in open_ones if each.doctype == DELIVERABLE), None)
	place = doc and frappe.db.get_value(ROW, {"parent": doc.name, "parenttype": DELIVERABLE, "file": address}, "name")
	if may_be_sent_on and place:
		door = f"/api/method/ops_delivery.api.deliverables.{DOORS[is_staff(user)]}?name={quote(doc.name)}&row={quote(place)}"
		raise HTTPException(response=redirect(door, code=302))
	if doc is None:
		_refuse_copy(open_ones[0])
	frappe.throw(
		_("Files of the security class {0} are handed out by {1} alone. Open them there.").format(
			frappe.bold(_(doc.security_class, context=secrecy.CLASS)), frappe.bold(escape_html(doc.name))
		),
		secret_records.NotForThisReader,
	)


def _refuse_copy(report: Any) -> None:
	"""The copy that a report keeps bears no reader's name and is not encrypted. NotForThisReader with the way out."""
	named = secrecy.class_that(report, "watermark") or secrecy.class_that(report, "encrypted")
	frappe.throw(
		_("The files of {0} are not handed out as they lie there: its security class {1} asks for a watermark or encryption. Take them from its deliverable, or print it.").format(
			frappe.bold(escape_html(report.name)), frappe.bold(_(named, context=secrecy.CLASS))
		),
		secret_records.NotForThisReader,
	)


def normal(address: str) -> str:
	"""An address in the one way in which Frappe keeps it."""
	before = ""
	while before != address:
		before, address = address, unquote(address)
	return posixpath.normpath("/" + address.replace("\\", "/").lstrip("/"))


def _as_it_lies(doc: Any) -> bool:
	"""Whether the bytes on the disk are what the class hands out."""
	return not any(rule.watermark or rule.encrypted or each.get("files_protection") for each, rule in secrecy.ruled(doc))


def _named(request: Any) -> list[str]:
	"""The addresses of the files whose bytes a function of Frappe's is asked for."""
	called = {path.rpartition(".")[2] for path in reach.functions_called(request)}
	if BY_ADDRESS in called:
		return [cstr(frappe.form_dict.get("file_url"))]
	if BY_NAME in called:
		try:
			names = frappe.parse_json(frappe.form_dict.get("files"))
		except json.JSONDecodeError:
			return []
		names = [cstr(row.get("name") if isinstance(row, dict) else row) for row in names] if isinstance(names, list) else []
		return frappe.get_all(FILE, {"name": ["in", names or [""]]}, pluck="file_url")
	return []
