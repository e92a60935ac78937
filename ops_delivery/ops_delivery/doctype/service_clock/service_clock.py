import frappe
from frappe import _
from frappe.model.document import Document


class ServiceClock(Document):
	def validate(self):
		frappe.throw(_("A service clock is kept by its record and cannot be edited."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("A service clock is evidence and cannot be deleted."), frappe.PermissionError)


def on_doctype_update():
	frappe.db.add_unique(
		"Service Clock",
		["reference_doctype", "reference_name", "clock_definition"],
		constraint_name="ops_one_clock_a_definition",
	)
	frappe.db.add_index("Service Clock", ["calendar", "state"], "ops_calendar_state")
