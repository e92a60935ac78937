from frappe.model.document import Document


class MonitoringSeverity(Document):
	pass
