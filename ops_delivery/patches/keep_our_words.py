"""Sites that work with our words go on with them."""

import frappe

from ops_delivery.services.host import host_words


def execute() -> None:
	if frappe.db.exists("Service Agreement", {"docstatus": 1}):
		frappe.db.set_single_value("Ops Delivery Settings", "own_words", 1)
		host_words.lay()
