from frappe.model.document import Document


class ServiceMail(Document):
	pass
