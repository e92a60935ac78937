from frappe.model.document import Document


class ServiceMailbox(Document):
	pass
