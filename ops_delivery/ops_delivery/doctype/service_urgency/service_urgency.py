from frappe.model.document import Document


class ServiceUrgency(Document):
	pass
