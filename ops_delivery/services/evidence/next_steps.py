"""What to do about a gap: the hint of the definition that is not fulfilled, and where to begin."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.evidence import definitions
from ops_delivery.services.evidence.scope import AGREEMENT

OF_AGREEMENT = ("Escalation Policy", "Priority Matrix", "Service Calendar")


def of(row: Any, agreement: str, customer: str) -> dict[str, Any]:
	"""The hint of a definition in the reader's language, and the way to begin: open the agreement, make a new record, or see the list;
	by what the reader may do."""
	return {"hint": definitions.hint(row), **way(row.document_type, agreement, customer)}


def way(doctype: str, agreement: str, customer: str) -> dict[str, Any]:
	"""{way: form, new or list, doctype, name or values} of a record type; {} where the reader may do nothing there."""
	if doctype in (AGREEMENT, *OF_AGREEMENT):
		return {"way": "form", "doctype": AGREEMENT, "name": agreement}
	if not frappe.db.exists("DocType", doctype) or not frappe.has_permission(doctype, "read"):
		return {}
	meta = frappe.get_meta(doctype)
	if meta.issingle:
		return {"way": "form", "doctype": doctype, "name": doctype}
	if meta.in_create or not frappe.has_permission(doctype, "create"):
		return {"way": "list", "doctype": doctype}
	values = {"customer": customer} if meta.has_field("customer") else {}
	if meta.has_field("agreement"):
		values["agreement"] = agreement
	return {"way": "new", "doctype": doctype, "values": values}
