from frappe.model.document import Document

from ops_delivery.services import surveys


class ServiceSurvey(Document):
	"""A survey for one person; see services.surveys."""

	def validate(self):
		surveys.check(self)

	def on_trash(self):
		surveys.check(self)
