from frappe.model.document import Document


class FieldServiceAnswer(Document):
	pass
