from frappe.model.document import Document

from ops_delivery.services.surveys import asking as surveys


class ServiceSurvey(Document):
	"""A survey for one person; see services.surveys.asking."""

	def validate(self):
		surveys.check(self)

	def on_trash(self):
		surveys.check(self)
