"""The mail that a request was received says that the time in it is provisional, where the text is still as shipped."""

import frappe

from ops_delivery.setup.notifications import NOTIFICATIONS

NAME = "Request received (customer)"


def execute():
	"""Replace the text that was shipped; one that an administrator has edited stays."""
	now = NOTIFICATIONS[NAME]["message"]
	before = "\n".join(line for line in now.split("\n") if "is provisional until" not in line)
	if frappe.db.get_value("Notification", NAME, "message") == before:
		frappe.db.set_value("Notification", NAME, "message", now, update_modified=False)
		frappe.clear_cache(doctype="Notification")
