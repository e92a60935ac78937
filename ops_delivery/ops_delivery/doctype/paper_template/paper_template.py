import frappe
from frappe.model.document import Document

from ops_delivery.services.own_papers import templates


class PaperTemplate(Document):
	"""A Word document of the organization's own, filled in with a record; see services.own_papers (8.2.e)."""

	def validate(self):
		templates.validate(self)


def on_doctype_update():
	frappe.db.add_index("Paper Template", ["document_type", "enabled", "customer"], "ops_fitting")
