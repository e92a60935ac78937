"""Many records as one PDF, from the list's own Print action: each with page numbers of its own (8.4.b.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt
from frappe.www.printview import validate_print_permission

from ops_delivery.printing import documents, weasy

MOST = 500
SIZES = frozenset(f"A{n}" for n in range(3, 7)) | {"B4", "B5", "Letter", "Legal", "Ledger"}


def pdf(
	doctype: str,
	names: list[str],
	print_format: str | None,
	no_letterhead: bool = False,
	letterhead: str | None = None,
	options: dict[str, Any] | None = None,
	told: Callable[[int, int], None] | None = None,
) -> bytes:
	"""One PDF of all records, in the order of their names. `told` (done, all) is called after each.

	`options` are those of Frappe's dialog: page-size, or page-width and page-height (mm). PermissionError where one
	may not be printed; ValidationError for none or more than 500.
	"""
	if not names or len(names) > MOST:
		frappe.throw(_("Print between 1 and {0} records at a time; these are {1}.").format(MOST, len(names)))
	css, rendered = _page(options or {}), []
	for number, name in enumerate(names, 1):
		doc = frappe.get_doc(doctype, name)
		validate_print_permission(doc)
		page = documents.html(doc, print_format, no_letterhead, letterhead)
		rendered.append(weasy.render(page, css, (doc.doctype, doc.name)))
		if told:
			told(number, len(names))
	return rendered[0].copy([each for one in rendered for each in one.pages]).write_pdf()


def _page(options: dict[str, Any]) -> str:
	"""The size of the page where the dialog asked for another than A4."""
	width, height = flt(options.get("page-width")), flt(options.get("page-height"))
	if 50 <= width <= 1000 and 50 <= height <= 1000:
		return f"@page {{ size: {width:g}mm {height:g}mm; }}"
	size = re.sub(r"\W", "", str(options.get("page-size") or ""))
	return f"@page {{ size: {size.lower() if size.startswith('L') else size}; }}" if size in SIZES else ""
