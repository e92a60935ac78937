from frappe.model.document import Document


class FieldServiceWorkItem(Document):
	pass
