from frappe.model.document import Document


class ServiceAgreementScope(Document):
	pass
