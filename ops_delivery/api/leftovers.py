"""Leftovers on the desk: the steps of one (6.3.g, 6.4.d)."""

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services import leftovers


@frappe.whitelist(methods=["POST"])
@staff_only
def set_state(name: str, state: str, result: str = "") -> str:
	"""Begin, solve, waive or take up again; the state it is in then."""
	frappe.has_permission(leftovers.DOCTYPE, "write", name, throw=True)
	return leftovers.set_state(name, state, result)
