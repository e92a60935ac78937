from frappe.model.document import Document

from ops_delivery.services import improvements


class ImprovementAction(Document):
	"""What went wrong, why, what is done about it and whether it helped (5.5); see services.improvements."""

	def validate(self):
		improvements.validate(self)

	def on_update(self):
		improvements.on_update(self)

	def on_trash(self):
		improvements.on_trash(self)
