"""What a document says, as its customer reads it before they answer or sign (5.2, 6.4.b, 6.5.c)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.papers import prints as documents
from ops_delivery.services.papers.paper import Paper
from ops_delivery.services.reviews import signatures
from ops_delivery.services.reviews.content import content, fields_of
from ops_delivery.services.reviews.readership import shown_to_customer
from ops_delivery.services.shared.locale import moment, safe_html, text


def content_html(doc, part: str = "") -> str:
	"""What a document says, as sanitized HTML: its print format of ours; a plain table of its fields where it has none.

	A print format that fails is no reason to show something else in its place: it says so, and nobody signs meanwhile.
	"""
	try:
		return content_of(doc, part)
	except Unreadable as error:
		frappe.clear_messages()
		return f'<p role="alert"><strong>{escape_html(str(error))}</strong></p>'


class Unreadable(frappe.ValidationError):
	"""What a document says cannot be shown, so nothing may be decided on it."""


def content_of(doc, part: str = "") -> str:
	"""As content_html; Unreadable where it cannot be shown."""
	print_format = frappe.get_meta(doc.doctype).default_print_format or doc.doctype
	if not frappe.db.exists("Print Format", print_format) or not documents.is_ours(doc.doctype, print_format):
		return _table(doc, part)
	try:
		with shown_to_customer():
			return safe_html(documents.html(doc, print_format, no_letterhead=True).partition("<body>")[2])
	except Exception:
		frappe.clear_messages()
		frappe.log_error(
			title="Ops Delivery: a document could not be shown to its customer",
			reference_doctype=doc.doctype,
			reference_name=doc.name,
		)
	raise Unreadable(
		_(
			"{0} cannot be shown just now; we have been told and look after it. Please come back later."
		).format(doc.name)
	)


def _table(doc, part: str) -> str:
	more = content(doc, part).get("more")
	paper = Paper(doc)
	doc, lines = paper.doc, []
	for fieldname in fields_of(doc.doctype, part, doc):
		field = doc.meta.get_field(fieldname)
		label = escape_html(paper.label(fieldname))
		if field.fieldtype in ("Table", "Table MultiSelect"):
			if doc.get(fieldname):
				lines.append(f"<h3>{label}</h3>{_rows(paper, doc.get(fieldname))}")
		elif field.fieldtype in ("Text Editor", "HTML Editor"):
			if paper.has(doc.get(fieldname)):
				lines.append(f"<h3>{label}</h3>{safe_html(doc.get(fieldname))}")
		elif value := paper.value(fieldname):
			lines.append(f"<p><strong>{label}:</strong> {escape_html(text(value))}</p>")
	return "".join(lines) + _more(more)


def _rows(paper, rows: list[Any]) -> str:
	"""A child table: the columns that are filled in any row."""
	columns = [
		field
		for field in rows[0].meta.fields
		if field.label and not field.hidden and any(row.get(field.fieldname) for row in rows)
	]
	head = "".join(f"<th>{escape_html(_(column.label, context=rows[0].doctype))}</th>" for column in columns)
	body = "".join(
		"<tr>"
		+ "".join(f"<td>{escape_html(text(paper.value(column.fieldname, row)))}</td>" for column in columns)
		+ "</tr>"
		for row in rows
	)
	return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _more(more: Any) -> str:
	"""Content that stands in records of its own, in the plainest form there is."""
	if isinstance(more, dict):
		return "".join(
			f"<h3>{escape_html(_(key.replace('_', ' ').capitalize()))}</h3>{_more(value)}"
			for key, value in more.items()
		)
	if isinstance(more, list | tuple):
		return "<ul>" + "".join(f"<li>{_more(one)}</li>" for one in more) + "</ul>"
	return f"<p>{escape_html(text(cstr(more)))}</p>" if more else ""


def signatures_of(doc: Any) -> list[dict[str, Any]]:
	"""The signatures under a document, those that became void too, as its customer reads them."""
	return [
		{
			"party": _(row.party, context="Service Signature"),
			"by": text(row.signer_name),
			"title": text(row.signer_title),
			"when": moment(row.signed_on),
			"void": row.state == signatures.VOID,
			"fingerprint": row.content_hash,
		}
		for row in signatures.all_of(doc.doctype, doc.name)
	]
