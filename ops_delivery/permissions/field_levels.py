"""Which fields of a document somebody may read, by the field levels (permlevel) that an administrator set.

Frappe keeps to them in forms, lists and REST. What we render ourselves (papers, comparisons, Rule Versions) asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.model import table_fields

from ops_delivery.permissions.ownership import ADMINISTRATOR, GUEST


def hidden(doctype: str, users: Iterable[str]) -> dict[str, set[str]]:
	"""The fields that not every one of the users may read: {table field, or "" for the document itself: field names}.

	Nobody named: all above level 0. Whether they may read the document at all is asked elsewhere.
	"""
	meta = frappe.get_meta(doctype)
	above = {
		place: levels
		for place, fields in _places(meta).items()
		if (levels := {df.fieldname: df.permlevel for df in fields if df.permlevel})
	}
	if not above:
		return {}
	readers = list(users)
	read = [_levels(meta, user) for user in readers if user != ADMINISTRATOR]
	if readers and not read:
		return {}
	allowed = set.intersection(*read) if read else {0}
	found = {
		place: {name for name, level in levels.items() if level not in allowed} for place, levels in above.items()
	}
	return {place: names for place, names in found.items() if names}


def together(*parts: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
	"""Several such choices of fields as one."""
	found: dict[str, set[str]] = {}
	for part in parts:
		for place, names in part.items():
			found.setdefault(place, set()).update(names)
	return found


def blank(doc: Any, fields: Mapping[str, Iterable[str]]) -> None:
	"""Empty these fields of a document that is to be read and never saved."""
	for place, names in fields.items():
		for row in doc.get(place) or () if place else (doc,):
			for name in names:
				if df := row.meta.get_field(name):
					row.set(name, [] if df.fieldtype in table_fields else None)


def _places(meta: Any) -> dict[str, list[Any]]:
	tables = {df.fieldname: frappe.get_meta(df.options).fields for df in meta.get_table_fields()}
	return {"": meta.fields, **tables}


def _levels(meta: Any, user: str) -> set[int]:
	roles = set(frappe.get_roles(user))
	return {0} | {perm.permlevel for perm in meta.permissions if perm.read and perm.role in roles}
