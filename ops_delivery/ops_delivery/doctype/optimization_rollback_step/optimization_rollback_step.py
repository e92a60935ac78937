from frappe.model.document import Document


class OptimizationRollbackStep(Document):
	pass
