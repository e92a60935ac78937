from frappe.model.document import Document


class PriorityMatrix(Document):
	pass
