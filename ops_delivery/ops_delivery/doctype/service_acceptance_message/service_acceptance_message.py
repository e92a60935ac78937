from frappe.model.document import Document


class ServiceAcceptanceMessage(Document):
	pass
