from frappe.model.document import Document


class ServiceClock(Document):
	pass
