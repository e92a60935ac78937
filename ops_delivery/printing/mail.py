"""Prints of ours that go out with an e-mail: made by WeasyPrint, as from the Print action (8.4.b.1).

Frappe 15 keeps no seam in frappe.get_print: it hands the page to wkhtmltopdf. But an e-mail notes in its queue which
print is to be attached (the e-mail dialog and Notifications alike), and makes it only when it is sent. So the note is
worked off when the e-mail is queued, without changing anything of Frappe's; other formats stay Frappe's.
"""

from __future__ import annotations

import io
import json
from email import message_from_string
from email.policy import SMTP
from typing import Any

import frappe
from frappe.email.email_body import add_attachment
from frappe.translate import print_language
from frappe.utils import cint, cstr

from ops_delivery.printing import documents

NOTE = "print_format_attachment"
AS_IT_IS = SMTP.clone(refold_source="none")  # a long subject that is not ASCII stays encoded


def before_insert(queue, _method: str | None = None) -> None:
	"""doc_events Email Queue: put the prints of ours into the message; a print that fails is left to Frappe."""
	noted = json.loads(queue.attachments or "[]")
	ours = [row for row in noted if _is_ours(row)]
	if not ours or not cint(frappe.get_cached_doc("Print Settings").send_print_as_pdf):
		return
	message = message_from_string(queue.message, policy=AS_IT_IS)
	for row in ours:
		try:
			content = _pdf(row)
		except Exception:
			frappe.log_error(
				"Print for an e-mail", reference_doctype=row["doctype"], reference_name=row["name"]
			)
			continue
		filename = f"{cstr(row.get('file_name') or row['name']).replace(' ', '').replace('/', '-')}.pdf"
		add_attachment(filename, content, parent=message)
		_keep(queue, filename, content)
		noted.remove(row)
	queue.message, queue.attachments = message.as_string(), json.dumps(noted)


def _is_ours(row: dict[str, Any]) -> bool:
	if row.get(NOTE) != 1 or row.get("html") or not row.get("doctype") or not row.get("name"):
		return False
	return documents.is_ours(row["doctype"], row.get("print_format"))


def _pdf(row: dict[str, Any]) -> bytes:
	doc = frappe.get_doc(row["doctype"], row["name"])
	doc.flags.ignore_print_permissions = True  # as Frappe: whoever may send the e-mail may attach the print
	with print_language(row.get("lang") or frappe.local.lang):
		content = documents.pdf(
			doc, row.get("print_format"), not cint(row.get("print_letterhead", 1)), row.get("letterhead")
		)
	return _locked(content, row["password"]) if row.get("password") else content


def _locked(content: bytes, password: str) -> bytes:
	from pypdf import PdfReader, PdfWriter

	writer, kept = PdfWriter(), io.BytesIO()
	writer.append_pages_from_reader(PdfReader(io.BytesIO(content)))
	writer.encrypt(password)
	writer.write(kept)
	return kept.getvalue()


def _keep(queue, filename: str, content: bytes) -> None:
	"""Where System Settings keep sent prints, this one is kept with its Communication, too."""
	if not queue.communication or not frappe.get_system_settings("store_attached_pdf_document"):
		return
	place = {
		"file_name": filename,
		"attached_to_doctype": "Communication",
		"attached_to_name": queue.communication,
		"is_private": 1,
	}
	if not frappe.db.exists("File", place):
		frappe.get_doc({"doctype": "File", **place, "content": content}).insert(ignore_permissions=True)
