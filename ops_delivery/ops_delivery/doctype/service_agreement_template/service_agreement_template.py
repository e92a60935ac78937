from frappe.model.document import Document


class ServiceAgreementTemplate(Document):
	pass
