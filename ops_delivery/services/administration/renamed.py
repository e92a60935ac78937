"""Whose address an administrator changes, by renaming their log-in, stays who they are: what they raised is theirs (6.3.j, 5.4.d).

A request names the contact beside the address. A complaint and a survey name the address alone, which Frappe does not follow.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.permissions import switches
from ops_delivery.permissions.ownership import plain

BY_ADDRESS = {"Service Complaint": "raised_by", "Service Survey": "person_email"}


def follow(_doc: Any, _method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""doc_events User.after_rename: the address of their complaints and surveys follows."""
	before, after = plain(old), plain(new)
	if switches.rests() or "@" not in before or "@" not in after:
		return
	for doctype, field in BY_ADDRESS.items():
		for row in frappe.get_all(doctype, filters={field: before}, fields=["name", field], order_by="name"):
			if plain(row[field]) == before:
				frappe.db.set_value(doctype, row.name, field, after, update_modified=False)
