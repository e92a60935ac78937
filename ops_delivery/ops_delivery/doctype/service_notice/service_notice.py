from frappe.model.document import Document


class ServiceNotice(Document):
	pass
