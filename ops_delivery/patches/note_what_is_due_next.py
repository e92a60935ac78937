"""Note on each Issue what is due next, for lists and titles: by the clocks that run, of whatever definition."""

import frappe
from frappe.query_builder.functions import Min

from ops_delivery.setup import fields


def execute():
	"""The field is made first: a patch runs before the fields of a new version are."""
	fields.create()
	clock, issue = frappe.qb.DocType("Service Clock"), frappe.qb.DocType("Issue")
	due = (
		frappe.qb.from_(clock)
		.select(clock.reference_name, Min(clock.due_on).as_("due_on"))
		.where((clock.reference_doctype == "Issue") & (clock.state == "Running"))
		.groupby(clock.reference_name)
	)
	frappe.qb.update(issue).join(due).on(due.reference_name == issue.name).set(issue.ops_next_due, due.due_on).run()
