from frappe.model.document import Document


class ServiceAgreementMetric(Document):
	pass
