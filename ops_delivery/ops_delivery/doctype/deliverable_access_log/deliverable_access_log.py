import frappe
from frappe.model.document import Document


class DeliverableAccessLog(Document):
	"""A line of who did what with a deliverable, or was refused; written by services.deliverables.access_log alone (8.2.c.2)."""


def on_doctype_update():
	frappe.db.add_index("Deliverable Access Log", ["deliverable", "done_on"], "ops_of_deliverable")
	frappe.db.add_index("Deliverable Access Log", ["done_on"], "ops_by_day")
