"""Merging records by renaming: refused in words where both have what one record can have once only (5.3.d).

Frappe moves whatever names the one record to the other. Where a key of ours allows one row each, that would end in an
error of the database.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html

MODULE = "Ops Delivery"
CLOCK = "Service Clock"


def before_rename(doc: Any, _method: str | None, old: str, new: str, merge: Any = False) -> None:
	"""doc_events before_rename of every type. frappe.ValidationError names what stands in the way, and the way out."""
	if not cint(merge) or not frappe.db.exists(doc.doctype, new):
		return
	if _both_measured(doc.doctype, old, new):
		frappe.throw(
			_(
				"{0} and {1} cannot be merged: each has service clocks of its own, and they stay as evidence. Close one of the two and name the other in it."
			).format(frappe.bold(escape_html(old)), frappe.bold(escape_html(new))),
			title=_("Cannot be merged"),
		)
	for doctype, field in _one_each(doc.doctype):
		if frappe.db.exists(doctype, {field: old}) and frappe.db.exists(doctype, {field: new}):
			frappe.throw(
				_("{0} and {1} cannot be merged: each has a {2}, and one can have one only. Delete one of these first.").format(
					frappe.bold(escape_html(old)), frappe.bold(escape_html(new)), _(doctype)
				),
				title=_("Cannot be merged"),
			)


def _both_measured(doctype: str, old: str, new: str) -> bool:
	return all(
		frappe.db.exists(CLOCK, {"reference_doctype": doctype, "reference_name": name}) for name in (old, new)
	)


@lru_cache(maxsize=1)
def _unique_links() -> tuple[tuple[str, str, str], ...]:
	field, kind = frappe.qb.DocType("DocField"), frappe.qb.DocType("DocType")
	return tuple(
		(
			frappe.qb.from_(field)
			.join(kind)
			.on(kind.name == field.parent)
			.select(field.parent, field.fieldname, field.options)
			.where((kind.module == MODULE) & (kind.istable == 0) & (field.fieldtype == "Link") & (field.unique == 1))
			.orderby(field.parent)
		).run()
	)


def _one_each(doctype: str) -> list[tuple[str, str]]:
	"""(DocType, field) of ours in which a record of that type may be named once."""
	return [(parent, fieldname) for parent, fieldname, options in _unique_links() if options == doctype]
