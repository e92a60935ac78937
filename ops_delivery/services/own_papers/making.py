"""A record on a template of one's own: asked as for its print, filled in with plain values, as Word or PDF (8.4.b.1, 8.2.c.2)."""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.translate import print_language
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.deliverables import secrecy as acts
from ops_delivery.domain.own_papers import offer as offers
from ops_delivery.permissions import access_notes, secrecy, secret_records
from ops_delivery.printing import bounds, helpers, office, word
from ops_delivery.services.deliverables import watermark, ways_out
from ops_delivery.services.own_papers import registry, templates
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.reviews import readership
from ops_delivery.services.scope import file_names, uploads

ENDINGS = {templates.WORD: "docx", templates.PDF: "pdf"}


class Made(NamedTuple):
	"""A paper: its file's name and bytes."""

	name: str
	content: bytes


class NotMade(frappe.ValidationError):
	"""A paper could not be made; the message says why and what to do."""


def ask(doc: Any) -> None:
	"""frappe.PermissionError unless the user may read and print the record as it is: also a draft or a cancelled one by the print
	settings, as for Frappe's own prints."""
	doc.check_permission("read")
	doc.check_permission("print")
	if doc.doctype in secrecy.GUARDED:
		secret_records.check(doc, acts.PRINT)
	if not doc.meta.is_submittable:
		return
	settings = frappe.get_cached_doc("Print Settings")
	if doc.docstatus == 0 and not cint(settings.allow_print_for_draft):
		raise frappe.PermissionError(_("The print settings allow no print of a draft."))
	if doc.docstatus == 2 and not cint(settings.allow_print_for_cancelled):
		raise frappe.PermissionError(_("The print settings allow no print of what is cancelled."))


def make(template: Any, doc: Any, kind: str) -> Made:
	"""The paper of a record, which the user may print. NotMade, templates.NotUsable, frappe.PermissionError, weasy.TooLong."""
	ask(doc)
	if not templates.is_fitting(template, doc):
		frappe.throw(
			_("{0} is not for {1}.").format(frappe.bold(escape_html(template.name)), frappe.bold(escape_html(f"{_(doc.doctype)} {doc.name}"))), NotMade
		)
	if kind not in ENDINGS:
		frappe.throw(_("{0} is no kind of paper: Word or PDF.").format(frappe.bold(escape_html(kind))), NotMade)
	content = templates.content_of(template)
	make_access_log(doctype=doc.doctype, document=doc.name, file_type=ENDINGS[kind].upper(), method="Print", page=template.name)
	doc = readership.as_read(doc)
	bounds.check(doc)
	with print_language(template.language or frappe.local.lang):
		source = registry.of(doc.doctype)
		paper = Paper(doc, source.name)
		values, mark = offers.fitted(source.offer(), source.values(doc, paper)), paper.mark
	try:
		written = word.fill(content, values, mark)
	except word.NotFilled as error:
		frappe.throw(templates.not_filled(error), NotMade)
	if kind == templates.PDF:
		written = as_pdf(written)
	name = file_names.clean_name(f"{doc.name} {template.name}.{ENDINGS[kind]}")
	if doc.doctype in secrecy.GUARDED:
		written = watermark.on_file(doc, name, written)
		access_notes.note(doc, access_notes.PRINTED, name)
	return Made(name, written)


def attach(doc: Any, made: Made) -> Any:
	"""Keep a paper as a private file of its record, for who may write that. The File."""
	doc.check_permission("write")
	if doc.doctype in secrecy.GUARDED:
		ways_out.refuse_kept_print(doc.doctype, [doc.name])
	return uploads.attach(doc.doctype, doc.name, made.name, made.content)


def has_pdf() -> bool:
	"""Whether LibreOffice is here."""
	return bool(office.program())


def as_pdf(document: bytes) -> bytes:
	"""A Word document as PDF. NotMade in words for whatever keeps LibreOffice from it."""
	try:
		return office.pdf(document)
	except office.Unavailable:
		said = _("There is no LibreOffice on this server, so no PDF can be made. Take the Word document, or have libreoffice-writer-nogui installed.")
	except office.Busy:
		said = _("Others are having papers made just now. Try again in a minute.")
	except helpers.TooSlow:
		said = _("The paper was not turned into a PDF within {0} seconds. Take the Word document, or make the template simpler.").format(office.SECONDS)
	except office.NotConverted as error:
		frappe.log_error(title="Ops Delivery: LibreOffice made no PDF", message=cstr(error), defer_insert=True)
		said = _("LibreOffice could not turn the paper into a PDF. Take the Word document; the Error Log says what it answered.")
	except OSError:
		frappe.log_error(title="Ops Delivery: a PDF could not be written", defer_insert=True)
		said = _("The server cannot write files just now, so no PDF was made. Nothing is left behind; try again later.")
	frappe.throw(said, NotMade, title=_("No PDF"))
