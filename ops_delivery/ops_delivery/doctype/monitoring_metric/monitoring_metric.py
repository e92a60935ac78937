from frappe.model.document import Document


class MonitoringMetric(Document):
	pass
