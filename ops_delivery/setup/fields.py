"""Custom fields on other apps' types: created where missing, and removed with their columns."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from ops_delivery.custom_fields import CUSTOM_FIELDS, MODULE
from ops_delivery.framework import forget_columns

# what the customer's pages look requests up by, on ERPNext's tables: (DocType, fields, name of the index). Of one field alone
# it would be gone with the next custom field: Frappe drops each index of a single field whose meta asks for none.
INDEXES = (("Issue", ("raised_by", "creation"), "ops_raised_by_creation_index"),)
FORMER_INDEXES = (("Issue", "ops_raised_by_index"),)


def create() -> None:
	"""Create the fields that are missing; what an administrator changed on the others stays."""
	create_custom_fields(
		{
			doctype: [{**field, "module": MODULE} for field in fields]
			for doctype, fields in CUSTOM_FIELDS.items()
		},
		ignore_validate=True,
		update=False,
	)
	for doctype, fields, index in INDEXES:
		frappe.db.add_index(doctype, list(fields), index)
	_drop_indexes(FORMER_INDEXES)


def remove() -> None:
	"""Delete our fields, what Customize Form set on them, and their columns."""
	for doctype, fields in CUSTOM_FIELDS.items():
		names = [field["fieldname"] for field in fields]
		frappe.db.delete("Custom Field", {"dt": doctype, "fieldname": ["in", names]})
		frappe.db.delete("Property Setter", {"doc_type": doctype, "field_name": ["in", names]})
		frappe.clear_cache(doctype=doctype)
		drop_columns(doctype, names)
	_drop_indexes([(doctype, index) for doctype, _fields, index in INDEXES] + list(FORMER_INDEXES))
	frappe.db.delete("Custom Field", {"module": MODULE})
	frappe.db.delete("Property Setter", {"module": MODULE})


def _drop_indexes(indexes: Iterable[tuple[str, str]]) -> None:
	for doctype, index in indexes:
		if frappe.db.has_index(f"tab{doctype}", index):
			frappe.db.sql_ddl(f"alter table `tab{doctype}` drop index `{index}`")


def drop_columns(doctype: str, names: list[str]) -> None:
	"""Frappe leaves the columns of deleted fields in the table; we do not. DDL commits."""
	stored = [row[0] for row in frappe.db.describe(doctype) if row[0] in names]
	if not stored:
		return
	frappe.db.commit()  # nosemgrep: the statement below commits in any case
	table = f"tab{doctype}"
	frappe.db.sql_ddl(f"alter table `{table}` " + ", ".join(f"drop column `{name}`" for name in stored))
	forget_columns(table)
