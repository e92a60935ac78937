"""The ways on which a deliverable, or a report that it hands over, leaves the site, each asked by the rule of its security class: print, file, mail (8.2.c.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.permissions import access_notes, ownership, secrecy, secret_records
from ops_delivery.services.deliverables import files, watermark

DOCTYPE = files.DOCTYPE


def before_print(doc: Any, _method: str | None = None, _settings: Any = None) -> None:
	"""doc_events before_print: Frappe prints what may be read; the class may say otherwise. NotForThisReader."""
	if frappe.flags.ignore_print_permissions or frappe.flags.ops_kept_copy:
		return  # it goes into a mail, whose readers were asked (mails.py), or to the deliverable, which is asked itself
	if ownership.is_staff() or secrecy.class_that(doc, "restricted"):
		secret_records.check(doc, acts.PRINT)
	access_notes.note(doc, access_notes.PRINTED)


@contextmanager
def kept_copy() -> Iterator[None]:
	"""The copy of a report that its deliverable hands over is made whoever published it may print."""
	before, frappe.flags.ops_kept_copy = frappe.flags.ops_kept_copy, True
	try:
		yield
	finally:
		frappe.flags.ops_kept_copy = before


def stamp_answer(doctype: Any, names: list[str]) -> None:
	"""The PDF that answers this request bears the watermark of the deliverable that it shows, if its class asks for one."""
	marked = _marked(doctype, names)
	content = frappe.local.response.get("filecontent")
	if marked and isinstance(content, bytes):
		frappe.local.response["filecontent"] = watermark.on_print(marked[0], content)


def refuse_kept_print(doctype: Any, names: list[str]) -> None:
	"""A print in the background ends as a file that stays: not of a class whose copies are never kept. NotForThisReader."""
	if marked := _marked(doctype, names):
		frappe.throw(
			_("Copies of the security class {0} are made for one reader and never kept. Print {1} by itself.").format(
				frappe.bold(_(secrecy.class_that(marked[0], "watermark"), context=secrecy.CLASS)), frappe.bold(escape_html(marked[0].name))
			),
			secret_records.NotForThisReader,
		)


def mark_preview(doctype: Any, name: Any, shown: Any) -> Any:
	"""What Frappe shows before it prints, which a browser may print as well."""
	marked = _marked(doctype, [cstr(name)]) if isinstance(doctype, str) and isinstance(shown, dict) and shown.get("html") else []
	return {**shown, "html": shown["html"] + watermark.layer(watermark.words(marked[0]))} if marked else shown


def mark_page(context: Any) -> None:
	"""Hook update_website_context: the same for Frappe's page of a print."""
	if context.get("print_format") and context.get("body"):
		for doc in _marked(context.get("doctype"), [cstr(context.get("name"))]):
			context["body"] += watermark.layer(watermark.words(doc))


def _marked(doctype: Any, names: list[str]) -> list[Any]:
	if not isinstance(doctype, str) or doctype not in secrecy.GUARDED:
		return []
	docs = [frappe.get_doc(doctype, name) for name in names if frappe.db.exists(doctype, name)]
	return [doc for doc in docs if watermark.asks(doc)]


def file(name: str, row: str, user: str) -> tuple[str, bytes]:
	"""Name and bytes of the file of a row, for one of the staff. frappe.PermissionError, files.OtherContent."""
	doc = frappe.get_doc(DOCTYPE, name)
	doc.check_permission("read")
	secret_records.check(doc, acts.DOWNLOAD, user)
	found = files.handed_out(doc, row)
	if not found:
		raise frappe.DoesNotExistError(_("There is no such file on {0}.").format(escape_html(cstr(doc.name))))
	return handed_out(doc, *found)


def handed_out(doc: Any, file_name: str, content: bytes) -> tuple[str, bytes]:
	"""A file as its reader gets it, noted: stamped where the class asks for it. NotForThisReader."""
	made = watermark.on_file(doc, file_name, content)
	access_notes.note(doc, access_notes.DOWNLOADED, file_name)
	return file_name, made
