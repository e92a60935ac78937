from frappe.model.document import Document


class FieldServicePart(Document):
	pass
