from frappe.model.document import Document


class ImprovementCheck(Document):
	pass
