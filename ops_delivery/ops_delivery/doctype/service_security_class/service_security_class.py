import frappe
from frappe.model.document import Document

from ops_delivery.services.deliverables import classes


class ServiceSecurityClass(Document):
	"""How far a deliverable may go, in order, and who may do what with it (8.2.c); administrators name them."""

	def validate(self):
		classes.validate(self)

	def on_update(self):
		classes.on_update(self)

	def on_trash(self):
		classes.forget(self)

	def after_rename(self, *_names):
		classes.forget(self)


def on_doctype_update():
	frappe.db.add_index("Service Security Class", ["rank"])
