from frappe.model.document import Document


class ServiceHandover(Document):
	pass
