"""Classes from before they restricted anybody: each keeps what its deliverables were open to, until an administrator says otherwise.

So nobody loses a document, and nobody gets one, by an upgrade; what a new site begins with stands in setup/seed_deliverables.py. It may
run twice: a class that restricts, or whose portal was chosen, is left as it is.
"""

import frappe

from ops_delivery.domain.deliverables import secrecy

CLASS = "Service Security Class"


def execute():
	table = frappe.qb.DocType(CLASS)
	as_before = {"restricted": 0, "portal": secrecy.ALL_OF_CUSTOMER, "portal_files": 1, "watermark": 0, "unstamped": 1, "encrypted": 0, "logged": 1}
	query = frappe.qb.update(table).where(table.portal.isnull() | (table.portal == ""))
	for field, value in as_before.items():
		query = query.set(table[field], value)
	query.run()
