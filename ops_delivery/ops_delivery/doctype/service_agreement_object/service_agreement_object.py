from frappe.model.document import Document


class ServiceAgreementObject(Document):
	pass
