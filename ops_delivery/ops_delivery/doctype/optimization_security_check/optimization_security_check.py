from frappe.model.document import Document


class OptimizationSecurityCheck(Document):
	pass
