from frappe.model.document import Document


class PriorityMatrixCell(Document):
	pass
