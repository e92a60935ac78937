from frappe.model.document import Document


class AgreementAssessmentFigure(Document):
	pass
