"""The index itself: one Search Entry for each record, written in the transaction that changes what it says (5.3.f).

Its name is the fingerprint of type and name of the record, so one statement writes it, and no record has two. A save that
changes nothing of it costs no query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe.utils import cstr, strip_html
from pypika.terms import Values

from ops_delivery.domain import search_words
from ops_delivery.permissions import switches
from ops_delivery.services.search import types
from ops_delivery.services.search.types import Searched
from ops_delivery.services.shared import bulk

ENTRY = "Search Entry"
COLUMNS = ("name", "document_type", "document_name", "title", "title_words", "words", "customer")
LONGEST_TITLE = 140
LONGEST_TEXT = 60_000  # characters of a field that are read


def on_update(doc: Any, _method: str | None = None) -> None:
	"""doc_events on_update (and after submission) of the types that are found: its entry says what it says now."""
	searched = types.of(doc.doctype)
	if not searched or switches.rests():
		return
	before = None if doc.flags.in_insert else doc.get_doc_before_save()
	now = _row(doc.doctype, doc, searched, _cells(doc, searched))
	if before and now == _row(before.doctype, before, searched, _cells(before, searched)):
		return
	if now:
		write([now])
	elif before:
		forget(doc.doctype, [doc.name])


def on_trash(doc: Any, _method: str | None = None) -> None:
	"""doc_events on_trash: what is gone is not found any more."""
	if types.of(doc.doctype) and not switches.rests():
		forget(doc.doctype, [doc.name])


def after_rename(doc: Any, _method: str | None = None, old: str = "", new: str = "", _merge: bool = False) -> None:
	"""doc_events after_rename, also after a merge: found by its new name alone."""
	if not types.of(doc.doctype):
		return
	forget(doc.doctype, [old])
	if rows := rows_of(doc.doctype, [new or doc.name]):
		write(rows)


def rows_of(doctype: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
	"""What the index says of some records of a type, read in sets: one query, and one for each table of theirs."""
	searched = types.of(doctype)
	if not searched or not names:
		return []
	records = frappe.get_all(
		doctype, filters={"name": ["in", list(names)]}, fields=list(searched.columns), order_by="name", limit_page_length=0
	)
	cells: dict[str, list[str]] = {}
	for fieldname, table, column in searched.rows:
		for row in frappe.get_all(
			table,
			filters={"parenttype": doctype, "parentfield": fieldname, "parent": ["in", list(names)]},
			fields=["parent", column],
			order_by="parent, idx",
			limit_page_length=0,
		):
			cells.setdefault(row.parent, []).append(_cell(row.get(column)))
	found = (_row(doctype, record, searched, cells.get(record.name, [])) for record in records)
	return [row for row in found if row]


def write(rows: Iterable[tuple[Any, ...]]) -> None:
	"""Insert entries, or put them in the place of what was said of these records."""
	rows = list(rows)
	if not rows:
		return
	entry = frappe.qb.DocType(ENTRY)
	query = frappe.qb.into(entry).columns([*bulk.STAMPS, *COLUMNS]).insert(*bulk.stamped(ENTRY, COLUMNS, rows))
	for name in ("modified", "modified_by", *COLUMNS[1:]):
		query = query.on_duplicate_key_update(entry[name], Values(entry[name]))
	query.run()


def forget(doctype: str, names: Iterable[str]) -> None:
	"""Take records out of the index."""
	keys = [key_of(doctype, name) for name in names if name]
	if keys:
		frappe.db.delete(ENTRY, {"name": ["in", keys]})


def key_of(doctype: str, name: str) -> str:
	"""The name of the entry of a record."""
	return hashlib.sha256(f"{doctype}\n{name}".encode()).hexdigest()[:32]


def _row(doctype: str, record: Any, searched: Searched, cells: list[str]) -> tuple[Any, ...] | None:
	"""The entry of a record; None for one that is not to be found."""
	if not searched.is_found(record):
		return None
	name, title = cstr(record.get("name")), strip_html(cstr(record.get(searched.title))).strip()
	titles = search_words.column((name, title))
	texts = [strip_html(cstr(record.get(field))[:LONGEST_TEXT].replace("<", " <")) for field in searched.texts]
	words = search_words.column((name, title, *texts, *cells))
	customer = record.get(searched.customer) if searched.customer else None
	return (key_of(doctype, name), doctype, name, (title or name)[:LONGEST_TITLE], titles, words, customer or None)


def _cells(doc: Any, searched: Searched) -> list[str]:
	return [_cell(row.get(column)) for fieldname, _table, column in searched.rows for row in doc.get(fieldname) or ()]


def _cell(value: Any) -> str:
	"""A text of a row; of a file the end of its address."""
	said = cstr(value)
	return said.rpartition("/")[2] if said.startswith(("/files/", "/private/")) else said
