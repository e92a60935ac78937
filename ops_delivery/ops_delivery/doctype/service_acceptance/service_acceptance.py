from frappe.model.document import Document


class ServiceAcceptance(Document):
	pass
