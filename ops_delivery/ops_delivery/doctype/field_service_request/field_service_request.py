from frappe.model.document import Document

from ops_delivery.services import visit_requests


class FieldServiceRequest(Document):
	"""What an engineer asks a superior from the site, and the answer; see services.visit_requests."""

	def validate(self):
		visit_requests.check(self)

	def on_trash(self):
		visit_requests.refuse_deletion(self)
