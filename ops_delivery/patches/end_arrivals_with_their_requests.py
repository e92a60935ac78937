"""On-site arrival ends with its request: solved remotely, nobody is on the way any more.

Only conditions that still read as they were shipped are replaced; then the clocks that ran on behind closed requests end.
"""

import frappe

from ops_delivery.services.clocks import failures as clock_failures
from ops_delivery.services.clocks import planning as clocks
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.setup.seed_data import DEFINITIONS

NAME = "On-site Arrival"
SHIPPED = {
	"pause_when": 'doc.status == "On Hold"',
	"cancel_when": 'not doc.ops_onsite or doc.ops_validity == "Invalid"',
}


def execute():
	"""Replace both conditions and evaluate what they are about; run again, it finds nothing."""
	found = frappe.db.get_value("Clock Definition", NAME, list(SHIPPED), as_dict=True)
	if not found or any((found[field] or "").strip() != text for field, text in SHIPPED.items()):
		return
	frappe.db.set_value("Clock Definition", NAME, {field: DEFINITIONS[NAME][field] for field in SHIPPED})
	every_save.forget()
	# nothing is measured while a site is migrated
	frappe.enqueue(f"{__name__}.follow", queue="long", enqueue_after_commit=True)


def follow():
	"""Job: evaluate the arrivals that are open behind results."""
	clock, issue = frappe.qb.DocType("Service Clock"), frappe.qb.DocType("Issue")
	names = (
		frappe.qb.from_(clock)
		.join(issue)
		.on(issue.name == clock.reference_name)
		.select(issue.name)
		.where(
			(clock.reference_doctype == "Issue")
			& (clock.clock_definition == NAME)
			& clock.state.isin(["Running", "Paused"])
			& issue.status.isin(["Resolved", "Closed"])
		)
	).run(pluck=True)
	for name in names:
		frappe.db.savepoint("ops_arrival")
		try:
			clocks.refresh("Issue", name)
		except Exception:
			frappe.db.rollback(save_point="ops_arrival")
			clock_failures.note("Issue", name)
