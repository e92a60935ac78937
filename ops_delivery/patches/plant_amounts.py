"""Sites from before agreed amounts: who is in charge is told when one is nearly used, from the share that new sites begin with."""

import frappe

from ops_delivery.services.agreements import amounts
from ops_delivery.setup import notifications


def execute():
	"""Plant what was never planted; run again, it finds nothing."""
	notifications.seed_notifications()
	if "amount_warn_at" not in frappe.db.get_singles_dict(amounts.SETTINGS):
		frappe.db.set_single_value(amounts.SETTINGS, "amount_warn_at", amounts.DEFAULT_SHARE)
