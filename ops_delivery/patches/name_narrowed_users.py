"""The first choice of *Whose reach is narrowed* follows the portal's switch, and is named after it."""

import frappe

from ops_delivery.permissions import reach

BEFORE = "Customers with an agreement"


def execute() -> None:
	settings = "Ops Delivery Settings"
	if frappe.db.get_single_value(settings, "narrowed_users") == BEFORE:
		frappe.db.set_single_value(settings, "narrowed_users", reach.SERVED)
