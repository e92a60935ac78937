from frappe.model.document import Document


class ServiceLeftover(Document):
	pass
