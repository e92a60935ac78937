"""Sites from before visits: the checklists, review rules and the clock of leftovers they begin with."""

import frappe

from ops_delivery.setup import seeds


def execute():
	"""Plant what was never planted here."""
	seeds.plant_visits()
	frappe.db.set_single_value("Ops Delivery Settings", "leftovers_block", 1)
