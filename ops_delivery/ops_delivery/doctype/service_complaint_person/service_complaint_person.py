from frappe.model.document import Document


class ServiceComplaintPerson(Document):
	pass
