"""Where Frappe makes PDFs by itself, ours go through WeasyPrint as well: mail, notifications, the list (8.4.b.1).

Everything of Frappe 15 that turns a print format into a PDF (e-mail with "Attach Document Print", Notification,
Auto Repeat, Workflow Action, the list's Print action for many, network printers) asks `frappe.get_print`, and there is
no hook on that way (Frappe 16 has `pdf_generator`). So this one function is wrapped, once in each process that answers
requests or runs jobs, and the wrapper steps aside on a site without this app. Drop this file with Frappe 16.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.printing import documents

APP = "ops_delivery"


def install(*_args: Any, **_kwargs: Any) -> None:
	"""Hook before_request and before_job: wrap frappe.get_print, unless this process has done so."""
	if not getattr(frappe.get_print, "by_ops_delivery", False):
		frappe.get_print = _wrapped(frappe.get_print)


def _wrapped(original: Callable[..., Any]) -> Callable[..., Any]:
	@functools.wraps(original)
	def get_print(
		doctype=None,
		name=None,
		print_format=None,
		style=None,
		as_pdf=False,
		doc=None,
		output=None,
		no_letterhead=0,
		password=None,
		pdf_options=None,
		letterhead=None,
	):
		# one process may serve several sites, and not each has this app
		ours = as_pdf and APP in frappe.get_installed_apps() and documents.is_ours(doctype, print_format)
		if not ours:
			return original(
				doctype,
				name,
				print_format,
				style,
				as_pdf,
				doc,
				output,
				no_letterhead,
				password,
				pdf_options,
				letterhead,
			)
		record = doc or frappe.get_doc(doctype, name)
		content = documents.pdf(record, print_format, bool(cint(no_letterhead)), letterhead)
		return _handed_over(content, output, password or (pdf_options or {}).get("password"))

	get_print.by_ops_delivery = True
	return get_print


def _handed_over(content: bytes, output: Any, password: str | None) -> Any:
	"""As frappe.utils.pdf.get_pdf hands it over: added to a PdfWriter, or as bytes, locked with the password."""
	from pypdf import PdfReader, PdfWriter

	if output is None and not password:
		return content
	writer = PdfWriter() if output is None else output
	writer.append_pages_from_reader(PdfReader(io.BytesIO(content)))
	if output is not None:
		return output
	writer.encrypt(password)
	locked = io.BytesIO()
	writer.write(locked)
	return locked.getvalue()
