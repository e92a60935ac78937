"""Sites from before the switches: who works with agreements keeps all of it; who only installed us gets the host back."""

import frappe

from ops_delivery.permissions import switches
from ops_delivery.services.clocks import rule_choice
from ops_delivery.services.portal import switch as portal_switch


def execute():
	"""Set the switches to what the site lived with."""
	settings = frappe.get_doc(switches.SETTINGS)
	if frappe.db.exists("Service Agreement", {"docstatus": 1}):
		settings.issue_rule = settings.issue_rule or switches.OURS
		settings.messages_for = settings.portal_for = switches.EVERYBODY
	else:
		if settings.issue_rule != switches.THEIRS:
			settings.issue_rule = switches.BY_CUSTOMER
		settings.messages_for, settings.portal_for = switches.AGREED, switches.NOBODY
	for field in ("issue_rule", "messages_for", "portal_for"):
		frappe.db.set_single_value(switches.SETTINGS, field, settings.get(field))
	rule_choice.apply(settings)
	portal_switch.follow(settings)
