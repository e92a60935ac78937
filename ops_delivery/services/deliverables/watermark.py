"""The watermark of a class that asks for one: who reads a copy, and when it was made; such copies are never kept (8.2.c.2).

Pages are stamped by pypdf, which Frappe brings, with a page of ours laid out by WeasyPrint, so that Chinese names are drawn, too.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_fullname
from pypdf import PageObject, PdfReader, PdfWriter, Transformation

from ops_delivery.permissions import secrecy, secret_records
from ops_delivery.printing import weasy
from ops_delivery.services.shared import site_time, wording

PDF = b"%PDF-"
MOST_SIZES = 12  # of one file; further ones take the last stamp that is there
STEP_X, STEP_Y = 260, 150  # between two stamps, in points


def asks(doc: Any) -> bool:
	"""Whether copies of a deliverable or report bear their reader's name."""
	return bool(secrecy.class_that(doc, "watermark"))


def words(doc: Any, readers: list[str] | None = None) -> str:
	"""What stands on a copy: reader, time in the reader's zone, which deliverable, of which class."""
	user = frappe.session.user
	who = ", ".join(readers) if readers else f"{get_fullname(user)} <{user}>"
	moment = wording.moment(site_time.utc_now())
	return " · ".join((who, moment, doc.name, _(secrecy.class_that(doc, "watermark") or cstr(doc.get("security_class")), context=secrecy.CLASS)))


def on_print(doc: Any, content: bytes, readers: list[str] | None = None) -> bytes:
	"""A print with the watermark of its class, or as it is."""
	return stamped(content, words(doc, readers)) if asks(doc) else content


def on_file(doc: Any, file_name: str, content: bytes) -> bytes:
	"""A file with the watermark of its class. NotForThisReader where it can bear none and the class hands out none without."""
	if not asks(doc):
		return content
	if content[:1024].lstrip().startswith(PDF):
		try:
			return stamped(content, words(doc))
		except frappe.ValidationError:
			raise
		except Exception:  # whatever pypdf makes of one that is locked or damaged
			frappe.logger("ops_delivery").info("a PDF cannot be stamped", exc_info=True)
	if all(rule.unstamped for _each, rule in secrecy.ruled(doc) if rule.watermark):
		return content
	frappe.throw(
		_("{0} cannot bear a watermark, and the security class {1} hands out no file without one. Ask for a PDF of it.").format(
			frappe.bold(escape_html(file_name)), frappe.bold(_(secrecy.class_that(doc, "watermark"), context=secrecy.CLASS))
		),
		secret_records.NotForThisReader,
	)


def stamped(content: bytes, text: str) -> bytes:
	"""A PDF whose every page bears a text. pypdf's errors for what it cannot read."""
	writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
	stamps: dict[tuple[int, int], PageObject] = {}
	for page in writer.pages:
		page.transfer_rotation_to_content()
		box = page.mediabox
		size = (round(float(box.width)), round(float(box.height)))
		if size not in stamps and len(stamps) < MOST_SIZES:
			stamps[size] = _stamp(size, text)
		stamp = stamps.get(size) or next(reversed(stamps.values()))
		page.merge_transformed_page(stamp, Transformation().translate(float(box.left), float(box.bottom)))
	written = io.BytesIO()
	writer.write(written)
	return written.getvalue()


def layer(text: str) -> str:
	"""The same for a page on the screen that a browser may print: on each of its pages, and in nobody's way."""
	line = f'<div style="transform:rotate(-30deg);white-space:nowrap">{escape_html(text)}</div>'
	return (
		'<div class="ops-watermark" aria-hidden="true" style="position:fixed;inset:0;z-index:9999;pointer-events:none;overflow:hidden;'
		"display:grid;grid-template-rows:repeat(5,1fr);place-items:center;color:rgba(90,90,90,.28);font-size:14px;"
		f'-webkit-print-color-adjust:exact;print-color-adjust:exact">{line * 5}</div>'
	)


def _stamp(size: tuple[int, int], text: str) -> PageObject:
	width, height = size
	said = escape_html(text)
	places = [
		f'<div style="position:absolute;left:{x}pt;top:{y}pt;transform:rotate(-30deg);transform-origin:0 100%">{said}</div>'
		for y in range(STEP_Y, height + STEP_Y * 2, STEP_Y)
		for x in range(-STEP_X // 2 + (y // STEP_Y % 2) * STEP_X // 2, width, STEP_X * 2)
	]
	css = f"@page {{ size: {width}pt {height}pt; margin: 0; @bottom-center {{ content: none }} @bottom-left {{ content: none }} @bottom-right {{ content: none }} }}"
	html = (
		f'<!DOCTYPE html><html lang="{escape_html(frappe.local.lang or "en")}"><head><meta charset="utf-8"><title></title></head><body style="margin:0;color:rgba(90,90,90,.32);font-size:9pt">'
		f'<div style="position:relative;width:{width}pt;height:{height - 1}pt;overflow:hidden;white-space:nowrap">{"".join(places)}</div></body></html>'
	)
	return PdfReader(io.BytesIO(weasy.pdf(html, css))).pages[0]
