from frappe.model.document import Document


class ServiceAcceptanceNotice(Document):
	pass
