"""What no report tells anybody: complaints made in confidence, and whatever hangs on them (5.4.d).

A report is one text for all who read it, those who are complained about as well; so it knows nothing of such complaints, whoever makes it. It says
so in the same words whether there are any or not.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Coalesce

from ops_delivery.permissions.confidential import ACTION, COMPLAINT


def left_out(records: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
	"""Of records (type, name), those that no report tells of. Two queries at most."""
	named: dict[str, set[str]] = {COMPLAINT: set(), ACTION: set()}
	for doctype, name in records:
		if doctype in named:
			named[doctype].add(name)
	found: set[tuple[str, str]] = set()
	for doctype, names in named.items():
		if names:
			table = frappe.qb.DocType(doctype)
			rows = frappe.qb.from_(table).select(table.name).where(table.name.isin(sorted(names)) & secret(doctype, table))
			found |= {(doctype, name) for name in rows.run(pluck=True)}
	return found


def secret(doctype: str, table: DocType) -> Criterion:
	"""Whether a row of complaints or of improvement actions is to be left out."""
	if doctype == COMPLAINT:
		return table.anonymous == 1
	return (Coalesce(table.source_doctype, "") == COMPLAINT) & table.source_name.isin(_names(COMPLAINT))


def told(table: DocType, doctype_field: str, name_field: str) -> Criterion:
	"""Whether a row that names another record may be told of; never unknown (NULL)."""
	of, name = Coalesce(table[doctype_field], ""), Coalesce(table[name_field], "")
	return ((of != COMPLAINT) | name.notin(_names(COMPLAINT))) & ((of != ACTION) | name.notin(_names(ACTION)))


def _names(doctype: str):
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select(table.name).where(secret(doctype, table))
