from frappe.model.document import Document


class ServiceObject(Document):
	pass
