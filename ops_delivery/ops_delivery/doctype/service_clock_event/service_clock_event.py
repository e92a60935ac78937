from frappe.model.document import Document


class ServiceClockEvent(Document):
	pass
