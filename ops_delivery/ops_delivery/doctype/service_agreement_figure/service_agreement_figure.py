from frappe.model.document import Document


class ServiceAgreementFigure(Document):
	pass
