from frappe.model.document import Document


class ServiceAgreementParty(Document):
	pass
