"""What to do about a gap: where to begin, by what the reader may do. The hint is the definition's."""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.evidence.scope import AGREEMENT

OF_AGREEMENT = ("Escalation Policy", "Priority Matrix", "Service Calendar")


def way(doctype: str, agreement: str, customer: str) -> dict[str, Any]:
	"""Open the agreement, make a new record, or see the list: {way: form, new or list, doctype, name or values} of a record type; {} where
	the reader may do nothing there."""
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
