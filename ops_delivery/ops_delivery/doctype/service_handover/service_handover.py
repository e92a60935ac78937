from frappe.model.document import Document

from ops_delivery.services import handover, recommendations


class ServiceHandover(Document):
	def validate(self):
		handover.validate(self)

	def on_update(self):
		recommendations.follow_handover(self)
