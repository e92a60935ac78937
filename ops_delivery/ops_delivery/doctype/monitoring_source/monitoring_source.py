from frappe.model.document import Document

from ops_delivery.services.monitoring import sources


class MonitoringSource(Document):
	"""A machine that reports readings and alerts of a customer's objects; see services.monitoring.sources."""

	def validate(self):
		sources.validate(self)
