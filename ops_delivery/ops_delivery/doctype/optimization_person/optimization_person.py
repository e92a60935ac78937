from frappe.model.document import Document


class OptimizationPerson(Document):
	pass
