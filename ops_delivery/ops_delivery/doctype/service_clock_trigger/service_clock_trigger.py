import frappe
from frappe.model.document import Document


class ServiceClockTrigger(Document):
	pass


def on_doctype_update():
	frappe.db.add_index("Service Clock Trigger", ["state", "run_epoch"], "ops_due_next")
	frappe.db.add_unique(
		"Service Clock Trigger", ["clock", "step", "round"], constraint_name="ops_trigger_once"
	)
