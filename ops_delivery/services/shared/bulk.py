"""Rows that are written past Frappe's documents: many in one statement, or one with nothing beside it.

Whatever is written so goes through here, for a save would have sanitized its texts: what people typed is among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import frappe
from pypika.terms import Parameter

from ops_delivery.services.shared import plain_texts
from ops_delivery.services.shared.site_time import site_now

STAMPS = ("creation", "modified", "owner", "modified_by")


def insert(doctype: str, fields: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
	"""Insert rows (values in the order of `fields`); who and when are added.

	The statement for a number of rows is built once a process: building it anew costs as much as running it.
	"""
	if not rows:
		return
	values: list[Any] = []
	for row in stamped(doctype, fields, rows):
		values += row
	frappe.db.sql(_statement(doctype, fields, len(rows)), values)


def stamped(doctype: str, fields: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
	"""Rows as they are inserted: STAMPS first, their texts as a save would store them."""
	stamp, user = site_now(), frappe.session.user
	return [(stamp, stamp, user, user, *_sanitized(doctype, fields, row)) for row in rows]


def insert_row(doc: Any) -> None:
	"""Insert one document alone, past everything that Frappe does beside it; its texts as a save would store them."""
	plain_texts.sanitize(doc)
	doc.db_insert()


def update_row(doc: Any) -> None:
	"""The same for a document that is there."""
	plain_texts.sanitize(doc)
	doc.db_update()


def as_saved(doctype: str, values: Mapping[str, Any]) -> dict[str, Any]:
	"""Values for db_set, set_value or an update statement, as a save of the document would store them."""
	fields = tuple(values)
	return dict(zip(fields, _sanitized(doctype, fields, tuple(values.values())), strict=True))


def _sanitized(doctype: str, fields: tuple[str, ...], row: Sequence[Any]) -> Sequence[Any]:
	for value in row:
		if isinstance(value, str) and ("<" in value or ">" in value):
			break
	else:
		return row
	doc = frappe.get_doc({"doctype": doctype, **dict(zip(fields, row, strict=True))})
	doc.docstatus = 0
	plain_texts.sanitize(doc)
	return [doc.get(field) if isinstance(value, str) else value for field, value in zip(fields, row, strict=True)]


@lru_cache(maxsize=256)
def _statement(doctype: str, fields: tuple[str, ...], count: int) -> str:
	columns = [*STAMPS, *fields]
	blank = [Parameter("%s")] * len(columns)
	return frappe.qb.into(frappe.qb.DocType(doctype)).columns(columns).insert(*[blank] * count).get_sql()
