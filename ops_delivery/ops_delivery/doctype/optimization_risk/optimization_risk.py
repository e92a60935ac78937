from frappe.model.document import Document


class OptimizationRisk(Document):
	pass
