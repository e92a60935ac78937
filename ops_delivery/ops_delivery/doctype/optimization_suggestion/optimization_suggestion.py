from frappe.model.document import Document


class OptimizationSuggestion(Document):
	pass
