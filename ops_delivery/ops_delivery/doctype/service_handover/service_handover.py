from frappe.model.document import Document

from ops_delivery.services import handover


class ServiceHandover(Document):
	def validate(self):
		handover.validate(self)
