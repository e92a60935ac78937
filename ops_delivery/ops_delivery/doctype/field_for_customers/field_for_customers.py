from frappe.model.document import Document


class FieldforCustomers(Document):
	pass
