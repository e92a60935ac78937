from frappe.model.document import Document


class MonitoringAlert(Document):
	"""An alert as long as its request is not closed, or why it was refused; written by services.monitoring.alerts alone."""
