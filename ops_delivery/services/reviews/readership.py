"""For whom a document of ours is rendered, and what of it they may read (5.2.i): the one rule for every way out.

Whoever is not staff with the right to read the document gets the customer's version: without what is the supplier's own.
Where several read one print, one such reader is enough. Nobody reads a field above their field level (permlevel).

Who reads it is whoever asks for it, unless the caller says otherwise (`shown_to`, `shown_to_customer`): a mail is made by
a job and read by its recipients. The document itself is never touched: `as_read` gives a copy to render.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import frappe

from ops_delivery.permissions import field_levels
from ops_delivery.permissions.ownership import GUEST, is_staff, plain
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.reviews.registry import REGISTRY

# what it costs the supplier, what their people can and where their papers lie: {table, or "" for the document: fields}
SUPPLIERS_OWN: dict[str, dict[str, tuple[str, ...]]] = {
	"Delivery Plan": {
		"": ("funds", "budget_total", "income_total"),
		"staff": ("employee", "competence_wanted", "competence_held", "meets", "gap", "share"),
		"documents": ("link", "file"),
	},
	"Optimization Plan": {"": ("actual_cost",)},
}


@contextmanager
def shown_to(readers: Iterable[str]) -> Iterator[None]:
	"""Within, documents are rendered for these people: users, or the e-mail addresses of a mail. Nobody: unknown readers."""
	before = frappe.flags.ops_readers
	frappe.flags.ops_readers = tuple(readers)
	try:
		yield
	finally:
		frappe.flags.ops_readers = before


@contextmanager
def shown_to_customer() -> Iterator[None]:
	"""Within, a print shows what its customer may read, to whoever was let in: the caller has asked whose it is."""
	before = frappe.flags.ops_for_customer, frappe.flags.ignore_print_permissions
	frappe.flags.ops_for_customer = frappe.flags.ignore_print_permissions = True
	try:
		yield
	finally:
		frappe.flags.ops_for_customer, frappe.flags.ignore_print_permissions = before


def is_known() -> bool:
	"""Whether a caller has said who reads."""
	return bool(frappe.flags.ops_for_customer) or frappe.flags.ops_readers is not None


def asked_for() -> tuple[Any, ...]:
	"""What tells one print of a document from another: who reads it."""
	return bool(frappe.flags.ops_for_customer), frappe.flags.ops_readers, frappe.session.user


def for_customer(doc: Any) -> bool:
	"""Whether the customer's version is to be rendered."""
	if frappe.flags.ops_for_customer:
		return True
	readers = _readers()
	return not readers or not all(_is_staff_reader(reader, doc) for reader in readers)


def hidden(doc: Any) -> dict[str, set[str]]:
	"""The fields that must not be rendered: {table field, or "" for the document itself: field names}."""
	own = SUPPLIERS_OWN[doc.doctype] if doc.doctype in SUPPLIERS_OWN and for_customer(doc) else {}
	return field_levels.together(field_levels.hidden(doc.doctype, _levels_of()), own)


def as_read(doc: Any) -> Any:
	"""The document as its readers may read it: itself, or a copy without what they may not; never to be saved."""
	if doc.flags.ops_hidden is not None or not (fields := hidden(doc)):
		return doc
	shown = copy.deepcopy(doc)
	_blank(shown, fields)
	return shown


def before_print(doc: Any, _method: str | None = None, _settings: Any = None) -> None:
	"""doc_events of every document we have a paper for: also the formats of Frappe and of an administrator keep to it.

	Frappe renders a document it has just read; whoever hands one over has been given a copy (services/papers/frappe_prints.py).
	"""
	if doc.flags.ops_hidden is None and (fields := hidden(doc)):
		_blank(doc, fields)


def withholds(doc: Any, field: str, table: str = "") -> bool:
	"""Whether a field of a document that is being rendered was emptied: then nothing worked out of it is said either."""
	return field in (doc.flags.ops_hidden or {}).get(table, ())


def rows_as_read(doctype: str, rows: list[Any]) -> list[Any]:
	"""Rows (dictionaries) of records of a type, without the fields that their readers may not read."""
	fields = field_levels.hidden(doctype, _levels_of()).get("", ())
	return [{**row, **dict.fromkeys(fields & row.keys())} for row in rows] if fields else rows


def withheld(doctype: str, table: str = "") -> set[str]:
	"""The fields of a type, or of a table in it, that the readers may not read."""
	return field_levels.hidden(doctype, _levels_of()).get(table, set())


def withhold(
	doctype: str, rows: Iterable[Any], shown: Iterable[str] | Mapping[str, str], table: str = ""
) -> None:
	"""Empty in rows of a query, which asks for no field levels, what the readers may not read. `shown`: the names that
	stand for a field of the type, and where they differ from its own, that field's."""
	if not (fields := withheld(doctype, table)):
		return
	of = shown if isinstance(shown, Mapping) else {name: name for name in shown}
	gone = [name for name, field in of.items() if field in fields]
	for row in rows:
		row.update(dict.fromkeys(gone))


def _blank(doc: Any, fields: dict[str, set[str]]) -> None:
	"""Its fingerprints stay those of the whole document, which was signed."""
	if doc.doctype in REGISTRY:
		doc.flags.ops_hashes = {part: content_hash(doc, part) for part in {"", *REGISTRY[doc.doctype].parts}}
	doc.flags.ops_hidden = fields
	field_levels.blank(doc, fields)


def _readers() -> tuple[str, ...]:
	"""Who reads: as the caller said, else who asks."""
	return (frappe.session.user,) if frappe.flags.ops_readers is None else frappe.flags.ops_readers


def _levels_of() -> list[str]:
	"""The users whose field levels count; who has none reads as a guest does."""
	return [user for reader in _readers() for user in _users(reader) or [GUEST]]


def _users(reader: str) -> list[str]:
	"""The enabled users of a name or an e-mail address."""
	if reader in (GUEST, "Administrator"):
		return [reader]
	address = plain(reader) or reader
	return frappe.get_all(
		"User",
		filters={"enabled": 1},
		or_filters={"name": ["in", [reader, address]], "email": address},
		pluck="name",
		order_by="name",
	)


def _is_staff_reader(reader: str, doc: Any) -> bool:
	return any(
		is_staff(user) and frappe.has_permission(doc.doctype, "read", doc=doc, user=user)
		for user in _users(reader)
	)
