from frappe.model.document import Document

from ops_delivery.services.rules import priority_scales as scales


class ServiceImportance(Document):
	"""A step of the importance scale (clause 6.3.d.2)."""

	def validate(self):
		scales.check_rank(self)

	def after_insert(self):
		scales.name_incomplete_matrices(self)
