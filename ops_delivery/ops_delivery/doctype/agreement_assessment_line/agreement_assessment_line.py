from frappe.model.document import Document


class AgreementAssessmentLine(Document):
	pass
