"""Sites from before monitoring sources: a request may have come in by one."""

import frappe

FIELD = {"dt": "Issue", "fieldname": "ops_channel"}
CHANNEL, LAST = "Monitoring", "Other"


def execute():
	"""Offer the channel among those there are, before the last of ours; what a site has put there itself stays."""
	found = frappe.db.get_value("Custom Field", FIELD, ["name", "options"])
	if not found:
		return
	name, options = found[0], (found[1] or "").split("\n")
	if CHANNEL in options:
		return
	options.insert(options.index(LAST) if LAST in options else len(options), CHANNEL)
	frappe.db.set_value("Custom Field", name, "options", "\n".join(options))
	frappe.clear_cache(doctype=FIELD["dt"])
