import frappe
from frappe.model.document import Document

from ops_delivery.services.deliverables import types


class ServiceSecurityClass(Document):
	"""How far a deliverable may go, in order (8.2.c); administrators name them."""

	def validate(self):
		types.check_class(self)


def on_doctype_update():
	frappe.db.add_index("Service Security Class", ["rank"])
