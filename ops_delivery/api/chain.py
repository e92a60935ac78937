"""The map of related records on the desk (6.2.d, 6.3.i, 6.4.g, 6.5.f)."""

from typing import Any

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.handover import related_records as chain


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
def related(doctype: str, name: str) -> dict[str, Any]:
	"""Where a record the user may read came from and what it led to: {nodes, edges, cut}."""
	frappe.has_permission(doctype, "read", name, throw=True)
	return chain.of(doctype, name)
