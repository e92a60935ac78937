"""Pictures as files of a record: kept private, shown only where they belong (7.2.c.1, 7.2.d.3)."""

from __future__ import annotations

import base64
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import images as pictures


def keep(doc, data_url: str, name: str, limit: pictures.Limit, named: bool = False) -> str:
	"""Keep a picture as a private file of a document; returns its address. `named`: the name is its own already."""
	content = pictures.read(data_url, limit)
	if limit is pictures.SIGNATURE:
		pictures.refuse_unsigned(content)
	ending = "jpg" if limit.kept_as == "JPEG" else "png"
	file_name = f"{name}.{ending}" if named else f"{name}-{frappe.generate_hash(length=10)}.{ending}"
	kept = uploads.attach(doc.doctype, doc.name, file_name, content)
	return kept.file_url


def check_own(doc, url: str | None, where: str) -> None:
	"""Refuse an address that is not a private file of this very document: another record's picture stays there."""
	if url and not file_of(doc, url):
		frappe.throw(
			_("{0}: {1} is not a private picture of {2}. Take or upload the picture here.").format(
				where, frappe.bold(escape_html(url)), doc.name
			),
			frappe.PermissionError,
		)


def file_of(doc, url: str | None) -> str | None:
	"""The File behind an address if it is private and belongs to this document."""
	if not url or not cstr(url).startswith("/private/files/"):
		return None
	return frappe.db.get_value(
		"File",
		{"file_url": url, "attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "is_private": 1},
	)


def content_of(doc, url: str | None) -> bytes | None:
	"""The bytes of a picture that belongs to this document; None where it does not, or is gone."""
	name = file_of(doc, url)
	if not name:
		return None
	try:
		return Path(frappe.get_doc("File", name).get_full_path()).read_bytes()
	except OSError:
		return None


def as_data_url(doc, url: str | None, side: int = 900) -> str:
	"""A picture of this document for a page, as a data URL; "" where it does not belong to it."""
	content = content_of(doc, url)
	if not content:
		return ""
	png = content[:4] == b"\x89PNG"
	small = pictures.rewrite(content, pictures.Limit(pictures.PHOTO.size, pictures.PHOTO.pixels, side, "PNG" if png else "JPEG"))
	kind = "png" if png else "jpeg"
	return f"data:image/{kind};base64,{base64.b64encode(small).decode()}"
