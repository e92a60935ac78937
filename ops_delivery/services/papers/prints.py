"""Print formats of ours as PDF: from the form's own Print action, through WeasyPrint (8.4.b.1, 8.5.b, 8.6.b)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.www.printview import get_print_format_doc, get_rendered_template, set_link_titles

from ops_delivery.printing import bounds, renderer, weasy
from ops_delivery.services.papers import kept_prints
from ops_delivery.services.reviews import readership

MODULE = "Ops Delivery"


def is_ours(doctype: str, print_format: str | None) -> bool:
	"""Whether a print goes through WeasyPrint: a format of ours, or an administrator's copy for a record type of ours."""
	meta = frappe.get_meta(doctype)
	name = print_format or meta.default_print_format
	if not name or name == "Standard":
		return False
	module = frappe.db.get_value("Print Format", name, "module", cache=True)
	if module == MODULE or meta.module != MODULE:
		return module == MODULE
	return bool(frappe.db.get_value("Print Format", name, "custom_format", cache=True))


def is_of_ours(doctype: str) -> bool:
	"""Whether prints of a record type are ours to watch, whatever their format."""
	return frappe.get_meta(doctype).module == MODULE


def html(
	doc: Any, print_format: str | None, no_letterhead: bool = False, letterhead: str | None = None
) -> str:
	"""The page of a document by a print format, as a whole HTML document. PermissionError where it may not be printed;
	weasy.TooLong where a text or table of it is too long for paper."""
	doc = readership.as_read(doc)
	bounds.check(doc)
	doc.flags.ops_page_stands = False
	set_link_titles(doc)
	chosen = get_print_format_doc(print_format or doc.meta.default_print_format, meta=doc.meta)
	body = get_rendered_template(
		doc, print_format=chosen, meta=doc.meta, no_letterhead=no_letterhead, letterhead=letterhead or None
	)
	language = frappe.utils.escape_html(frappe.local.lang or "en")
	title = frappe.utils.escape_html(doc.name)
	css = (chosen.css or "") if chosen else ""
	return (
		f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
		f"<style>{css}</style></head><body>{body}</body></html>"
	)


def pdf(
	doc: Any,
	print_format: str | None,
	no_letterhead: bool = False,
	letterhead: str | None = None,
	css: str = "",
) -> bytes:
	"""The same as the bytes of a PDF; that of a finished document may be one that was made before."""
	doc = readership.as_read(doc)
	if not kept_prints.any_of(doc):
		renderer.start()  # while the page is made
	page, record = html(doc, print_format, no_letterhead, letterhead), (doc.doctype, doc.name)
	if not doc.flags.ops_page_stands:
		return weasy.pdf(page, css, record)
	key = kept_prints.key(doc, page, css)
	content = kept_prints.read(doc, key)
	if not content:
		content = weasy.pdf(page, css, record)
		kept_prints.keep(doc, key, content)
	return content
