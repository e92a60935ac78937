from frappe.model.document import Document


class PriorityMatrixRank(Document):
	pass
