from frappe.model.document import Document

from ops_delivery.services.deliverables import types


class DeliverableType(Document):
	"""A kind of result that a service content delivers (8.3-8.6); administrators add their own."""

	def validate(self):
		types.check_type(self)
