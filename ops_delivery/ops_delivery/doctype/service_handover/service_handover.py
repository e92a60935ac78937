from frappe.model.document import Document

from ops_delivery.services.consulting import recommendations
from ops_delivery.services.handover import steps as handover


class ServiceHandover(Document):
	def validate(self):
		handover.validate(self)

	def on_update(self):
		recommendations.follow_handover(self)
		handover.tell(self)
