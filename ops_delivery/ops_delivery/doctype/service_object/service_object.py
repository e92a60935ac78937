from frappe.model.document import Document

from ops_delivery.services.routine import moved_objects


class ServiceObject(Document):
	"""What an agreement covers and a request is about."""

	def on_update(self):
		moved_objects.follow(self)
