"""Documents of one type inserted together: one statement for the type and one for each of its tables, kept as Frappe would keep
them one by one.

A row has its defaults, its name and its place among the rows of its document as Frappe gives them, and who has a list of the
type open sees it at once. What the type's own class does with a new document is the caller's to see to. Where somebody on
this site hears of such a document (listeners), each is inserted by itself, as ever. Nobody's rights are asked, and no link
is looked up: the values are ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.desk.notifications import clear_doctype_notifications
from frappe.model.naming import make_autoname

from ops_delivery.permissions import steps
from ops_delivery.services.shared import bulk, listeners

GIVEN = (*bulk.STAMPS, "name")  # by bulk, and here


def insert(doctype: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
	"""Insert rows (fieldname: value; a table's fieldname: its rows) in their order; their names."""
	if not rows:
		return []
	if listeners.hears(doctype):
		return [one_by_one(doctype, row).name for row in rows]
	tables = {field.fieldname: field.options for field in frappe.get_meta(doctype).get_table_fields()}
	names = [make_autoname("hash", doctype) for _row in rows]
	_write(doctype, [{**row, "name": name} for name, row in zip(names, rows, strict=True)])
	for fieldname, table in tables.items():
		_write(
			table,
			[
				{
					**child,
					"name": make_autoname("hash", table),
					"parent": name,
					"parenttype": doctype,
					"parentfield": fieldname,
					"idx": place,
				}
				for name, row in zip(names, rows, strict=True)
				for place, child in enumerate(row.get(fieldname) or (), 1)
			],
		)
	_tell_lists(doctype, names)
	return names


def one_by_one(doctype: str, row: Mapping[str, Any]) -> Any:
	"""One document of such a row, inserted as Frappe does; the document."""
	doc = steps.take(frappe.new_doc(doctype).update(dict(row)))
	doc.insert(ignore_permissions=True, ignore_links=True)
	return doc


def _write(doctype: str, rows: list[dict[str, Any]]) -> None:
	if not rows:
		return
	blank = frappe.new_doc(doctype).get_valid_dict()
	fields = ("name", *(fieldname for fieldname in blank if fieldname not in GIVEN))
	whole = {**blank, "docstatus": 0, "idx": 0}
	bulk.insert(doctype, fields, [[{**whole, **row}[fieldname] for fieldname in fields] for row in rows])


def _tell_lists(doctype: str, names: list[str]) -> None:
	clear_doctype_notifications(doctype)
	if frappe.get_meta(doctype).read_only:
		return
	for name in names:
		message = {"doctype": doctype, "name": name, "user": frappe.session.user}
		frappe.publish_realtime("list_update", message, after_commit=True)
