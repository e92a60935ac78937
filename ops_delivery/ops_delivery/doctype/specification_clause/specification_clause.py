import frappe
from frappe.model.document import Document

from ops_delivery.services.evidence import catalogue


class SpecificationClause(Document):
	"""A requirement of a specification; ours come with the app (services.evidence.catalogue), others are imported."""

	def validate(self):
		catalogue.refuse_ours(self)

	def on_trash(self):
		catalogue.refuse_ours(self)


def on_doctype_update():
	frappe.db.add_unique("Specification Clause", ["catalogue", "number"], constraint_name="ops_one_clause")
