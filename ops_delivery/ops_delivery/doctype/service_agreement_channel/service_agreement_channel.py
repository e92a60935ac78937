from frappe.model.document import Document


class ServiceAgreementChannel(Document):
	pass
