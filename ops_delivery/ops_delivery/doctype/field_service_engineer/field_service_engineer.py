from frappe.model.document import Document


class FieldServiceEngineer(Document):
	pass
