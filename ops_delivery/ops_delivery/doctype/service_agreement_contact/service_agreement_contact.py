from frappe.model.document import Document


class ServiceAgreementContact(Document):
	pass
