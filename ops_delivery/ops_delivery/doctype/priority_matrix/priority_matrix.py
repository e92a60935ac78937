from frappe.model.document import Document

from ops_delivery.services import scales


class PriorityMatrix(Document):
	"""Urgency × importance → priority (clause 6.3.d)."""

	def validate(self):
		scales.check_matrix(self)
