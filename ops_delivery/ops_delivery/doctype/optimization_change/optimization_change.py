from frappe.model.document import Document


class OptimizationChange(Document):
	pass
