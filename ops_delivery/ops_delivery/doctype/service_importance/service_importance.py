from frappe.model.document import Document


class ServiceImportance(Document):
	pass
