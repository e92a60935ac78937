from frappe.model.document import Document


class OptimizationMetric(Document):
	pass
