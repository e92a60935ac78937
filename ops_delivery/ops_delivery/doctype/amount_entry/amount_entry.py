import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.services.amounts import corrections


class AmountEntry(Document):
	"""One line of what was drawn on an agreed amount; written by services.amounts.ledger alone, and only added to."""

	def onload(self):
		self.set_onload("ops_may_be_taken_back", corrections.may_be_taken_back(self))

	def validate(self):
		frappe.throw(_("What was drawn is only added to, by the work itself."), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("What was drawn is only added to, by the work itself."), frappe.PermissionError)


def on_doctype_update():
	frappe.db.add_unique(
		"Amount Entry",
		["source_doctype", "source_name", "source_row", "amount_key", "seq"],
		constraint_name="ops_drawn_once",
	)
	frappe.db.add_index("Amount Entry", ["agreement_number", "amount_key", "day"], "ops_drawn_on")
