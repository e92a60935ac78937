from frappe.model.document import Document


class OptimizationFunction(Document):
	pass
