"""Paper Templates: what one must be to be taken, and which fit a record (8.2.e)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain.own_papers import check as checking
from ops_delivery.domain.own_papers import offer as offers
from ops_delivery.printing import word
from ops_delivery.services.own_papers import registry, sentences
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, FILE = "Paper Template", "File"
PRIVATE = "/private/files/"
WORD, PDF, BOTH = "Word", "PDF", "Word and PDF"
KINDS = {WORD: (WORD,), PDF: (PDF,), BOTH: (WORD, PDF)}


class NotUsable(frappe.ValidationError):
	"""A template that cannot be taken: the message names each place."""


def validate(doc: Any) -> None:
	"""Before a template is saved: its file is private, readable for its author, and says nothing it may not. NotUsable."""
	if not registry.of(doc.document_type):
		frappe.throw(
			_("{0}: there is no paper of one's own for {1}. Choose one of the list.").format(
				frappe.bold(_(doc.meta.get_label("document_type"), context=DOCTYPE)), frappe.bold(escape_html(cstr(doc.document_type)))
			),
			NotUsable,
		)
	content = _taken(doc)
	found = hashlib.sha256(content).hexdigest()
	before = doc.get_doc_before_save()
	if before and before.fingerprint == found and before.document_type == doc.document_type:
		doc.fingerprint, doc.checked_on = before.fingerprint, before.checked_on
		return
	wrong = problems(content, doc.document_type)
	if wrong:
		listed = "".join(f"<li>{one}</li>" for one in wrong)
		frappe.throw(f"<ul>{listed}</ul>", NotUsable, title=_("Template not usable"))
	doc.fingerprint, doc.checked_on = found, site_now().replace(microsecond=0)


def problems(content: bytes, doctype: str) -> list[str]:
	"""What is wrong with a file as a template for a record type, each with its place, as sentences; [] where all is well.

	What no place is known of comes out when it is filled in with examples.
	"""
	offer = registry.of(doctype).offer()
	found = [sentences.said(one) for one in checking.check(content, offer)]
	if found:
		return found
	try:
		word.fill(content, offers.fitted(offer, offers.example(offer)))
	except word.NotFilled as error:
		return [not_filled(error)]
	return []


def not_filled(error: word.NotFilled) -> str:
	"""Why a template could not be filled in, as a sentence."""
	match error.code:
		case "endless":
			return _("The template took too long or grew too large when it was filled in, and was ended. Make it smaller.")
		case "missing":
			return _("Word papers need docxtpl and python-docx, which do not work on this bench: {0}").format(escape_html(error.said))
	return _("The template could not be filled in: {0}. Save it anew in Word, and write its tags without changing their format halfway.").format(
		escape_html(error.said)
	)


def content_of(doc: Any) -> bytes:
	"""The file of a template as it was checked. NotUsable where it is gone or another one by now."""
	content = _bytes(_file(doc.file, doc.name))
	if not content or hashlib.sha256(content).hexdigest() != doc.fingerprint:
		frappe.throw(
			_("The file of {0} is not the one that was checked, or is gone. Upload it there once more.").format(frappe.bold(escape_html(doc.name))),
			NotUsable,
		)
	return content


def read(doc: Any) -> bytes:
	"""The file of a template as it is now. NotUsable where it is gone, public, or not the user's to read."""
	return _taken(doc)


def fitting(doc: Any) -> list[dict[str, Any]]:
	"""The enabled templates for a record, its customer's first: {name, customer, language, kinds}. One query."""
	customer = cstr(doc.get("customer"))
	rows = frappe.get_all(
		DOCTYPE,
		filters={"document_type": doc.doctype, "enabled": 1, "customer": ["in", ["", customer]]},
		fields=["name", "customer", "language", "output", "description"],
		order_by="name",
	)
	rows.sort(key=lambda row: (not row.customer, row.language != frappe.local.lang, row.name))
	return [{**row, "kinds": KINDS.get(row.output, (WORD,))} for row in rows]


def is_fitting(template: Any, doc: Any) -> bool:
	"""Whether a template is for a record: of its type, and for its customer or for all."""
	return template.document_type == doc.doctype and template.customer in (None, "", doc.get("customer"))


def fields_of(doctype: str) -> list[dict[str, Any]]:
	"""The names that a template may use: {name, kind, meaning, example, loop}."""
	source = registry.of(doctype)
	if not source:
		return []
	return [
		{"name": name, "kind": node.kind, "meaning": node.meaning, "example": node.example if node.kind == offers.TEXT else ""}
		for name, node in offers.listed(source.offer())
	]


def _taken(doc: Any) -> bytes:
	label = frappe.bold(_(doc.meta.get_label("file"), context=DOCTYPE))
	url = cstr(doc.file)
	if not url.startswith(PRIVATE):
		frappe.throw(_("{0}: {1} is no private file. Upload it as a private one.").format(label, frappe.bold(escape_html(url))), NotUsable)
	name = _file(url, doc.name)
	content = _bytes(name)
	if content is None:
		frappe.throw(_("{0}: there is no file {1} that you can see. Upload it here.").format(label, frappe.bold(escape_html(url))), NotUsable)
	return content


def _file(url: str | None, template: str | None) -> str | None:
	"""The File of an address that is the template's own, else one that the user may read."""
	rows = frappe.get_all(
		FILE,
		filters={"file_url": url, "is_folder": 0, "is_private": 1},
		fields=["name", "attached_to_doctype", "attached_to_name"],
		order_by="creation",
	)
	own = next((row.name for row in rows if (row.attached_to_doctype, row.attached_to_name) == (DOCTYPE, template)), None)
	return own or next((row.name for row in rows if frappe.has_permission(FILE, "read", row.name)), None)


def _bytes(name: str | None) -> bytes | None:
	try:
		return Path(frappe.get_doc(FILE, name).get_full_path()).read_bytes() if name else None
	except (OSError, frappe.ValidationError):
		return None


def is_enabled(doc: Any) -> bool:
	"""Whether it is offered on records."""
	return bool(cint(doc.enabled))
