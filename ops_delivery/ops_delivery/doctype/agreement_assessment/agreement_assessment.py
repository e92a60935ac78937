from frappe.model.document import Document


class AgreementAssessment(Document):
	pass
