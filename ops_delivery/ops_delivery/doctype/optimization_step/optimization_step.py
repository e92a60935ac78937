from frappe.model.document import Document


class OptimizationStep(Document):
	pass
