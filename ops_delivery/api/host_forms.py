"""In place of Frappe's getdoctype: until something of ours is in use, the host's forms come without our fields.

Frappe describes each custom field with some 60 properties, so our thirty on Issue are half as much again as the form was.
Browsers of 15 keep a description under the moment of its last change and ask with it whether theirs still holds; one
without our fields has a moment of its own, so that the first agreement is enough for the whole one to be fetched.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.api.checked import host
from ops_delivery.permissions.gates import open_to_all
from ops_delivery.services.administration import desk_boot

LOAD = "frappe.desk.form.load.getdoctype"
OURS, BARE = "ops_", "bare "  # what the names of our fields begin with; the mark of a description without them


@frappe.whitelist()
@open_to_all("in place of a function of the host: the same, or less (docs/host.md)")
def getdoctype(doctype: str, with_parent: Any = False, cached_timestamp: Any = None) -> Any:
	"""In place of frappe.desk.form.load.getdoctype: the descriptions of a type and its tables (into frappe.response.docs)."""
	is_bare = frappe.get_meta(doctype).module != desk_boot.MODULE and not desk_boot.is_in_use()
	asked = str(cached_timestamp or "")
	known = asked.removeprefix(BARE) if asked.startswith(BARE) == is_bare else None
	given = {"cached_timestamp": known} if known else {}  # 16 does not ask
	answer = host(LOAD, doctype=doctype, with_parent=with_parent, **given)
	if is_bare:
		frappe.response.docs = [_bare(doc) for doc in frappe.response.docs]
	return answer


def _bare(doc: Any) -> Any:
	"""A description without our fields, if it has any; the one it is taken from is kept for others."""
	fields = doc.get("fields") or []
	if doc.doctype != "DocType" or not any(_is_ours(field) for field in fields):
		return doc
	shown = doc.as_dict(no_nulls=True)
	shown["fields"] = [field for field in shown["fields"] if not _is_ours(field)]
	shown["modified"] = f"{BARE}{shown['modified']}"
	return shown


def _is_ours(field: Any) -> bool:
	return (field.get("fieldname") or "").startswith(OURS)
