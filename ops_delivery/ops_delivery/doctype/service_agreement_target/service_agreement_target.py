from frappe.model.document import Document


class ServiceAgreementTarget(Document):
	pass
