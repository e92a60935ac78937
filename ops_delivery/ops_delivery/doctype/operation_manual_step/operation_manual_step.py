from frappe.model.document import Document


class OperationManualStep(Document):
	pass
