"""Our records in Frappe's search, by number and by title: whole words by its index, and any part of them for ours.

Its index knows words alone, so of a Chinese title it finds nothing, and of a number only what other numbers share.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe.desk.doctype.global_search_settings.global_search_settings import get_doctypes_for_global_search
from frappe.utils import cint, cstr

from ops_delivery.permissions import confidential

MODULE = "Ops Delivery"
SHORTEST = 2  # characters
MOST = 50


def search(theirs: Any, text: str, start: int = 0, limit: int = 20, doctype: str = "") -> list[dict[str, Any]]:
	"""What Frappe's search (`theirs`) finds and what it passes over of ours, without what the session's user may not read."""
	wanted = cstr(text).strip()
	try:
		found = theirs(text, start, limit, doctype)
	except UnboundLocalError:  # 16.13, where the first record that its index names is gone
		frappe.clear_messages()
		found = []
	if not cint(start) and len(wanted) >= SHORTEST:
		found = [*_parts(wanted, doctype, found, min(cint(limit) or MOST, MOST)), *found]
	kept = confidential.readable(_without_unread(found))
	return sorted(kept, key=lambda row: cstr(row.name).lower() != wanted.lower())  # the very number first


def _without_unread(found: list[Any]) -> list[Any]:
	"""Without records of ours that are gone (the index may still name them) or not the user's to read: one list a type."""
	named: dict[str, set[str]] = defaultdict(set)
	for row in found:
		if _is_ours(row.doctype):
			named[row.doctype].add(row.name)
	readable = {
		doctype: set(frappe.get_list(doctype, filters={"name": ["in", sorted(names)]}, pluck="name", limit_page_length=0))
		if frappe.has_permission(doctype, "read")
		else set()
		for doctype, names in named.items()
	}
	return [row for row in found if row.doctype not in readable or row.name in readable[row.doctype]]


def _parts(wanted: str, doctype: str, found: list[Any], limit: int) -> list[frappe._dict]:
	"""Records of ours with the text in their number or title, that are not among the found."""
	types = [name for name in get_doctypes_for_global_search() if _is_ours(name) and doctype in ("", name)]
	types = sorted({*types} & {*frappe.get_user().get_can_read()})
	if not types:
		return []
	table, like = frappe.qb.Table("__global_search"), f"%{_escaped(wanted)}%"
	rows = (
		frappe.qb.from_(table)
		.select(table.doctype, table.name, table.content)
		.where(table.doctype.isin(types) & (table.name.like(like) | table.content.like(like)))
		.orderby(table.name)
		.limit(limit)
	).run(as_dict=True)
	known = {(row.doctype, row.name) for row in found}
	return [frappe._dict(row, rank=1) for row in rows if (row.doctype, row.name) not in known]


def _escaped(text: str) -> str:
	return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _is_ours(doctype: str) -> bool:
	return frappe.get_meta(doctype).module == MODULE
