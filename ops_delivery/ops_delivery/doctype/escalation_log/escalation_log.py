import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.escalation import firing as escalation


class EscalationLog(Document):
	def onload(self):
		self.set_onload("ops_may_acknowledge", bool(escalation.may_acknowledge([self.as_dict()])))

	def validate(self):
		if not steps.is_taken(self):
			frappe.throw(
				_("The escalation log is written by the engine. Use Acknowledge to take note of an entry."),
				frappe.PermissionError,
			)

	def on_trash(self):
		frappe.throw(_("The escalation log is evidence and cannot be deleted."), frappe.PermissionError)


def on_doctype_update():
	frappe.db.add_unique("Escalation Log", ["clock", "step", "round"], constraint_name="ops_fired_once")
	frappe.db.add_index("Escalation Log", ["acknowledged", "fired_on"], "ops_open")
