import frappe
from frappe import _
from frappe.model.document import Document


class ServiceClockEvent(Document):
	def validate(self):
		frappe.throw(_("The ledger is only added to, by the clock itself."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("The ledger is only added to, by the clock itself."), frappe.PermissionError)


def on_doctype_update():
	frappe.db.add_unique("Service Clock Event", ["clock", "seq"], constraint_name="ops_ledger_line")
