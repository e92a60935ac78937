from frappe.model.document import Document

from ops_delivery.services.reports import templates


class ServiceReportTemplate(Document):
	"""Which sections a service report has, in which order and under which words (8.3.b.5); see services.reports.templates."""

	def validate(self):
		templates.validate(self)
