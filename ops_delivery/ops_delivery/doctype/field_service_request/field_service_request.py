from frappe.model.document import Document

from ops_delivery.services.visits import superior_requests as visit_requests


class FieldServiceRequest(Document):
	"""What an engineer asks a superior from the site, and the answer; see services.visits.superior_requests."""

	def validate(self):
		visit_requests.check(self)

	def on_trash(self):
		visit_requests.refuse_deletion(self)
