from frappe.model.document import Document


class ServiceAgreementAgreedPart(Document):
	pass
