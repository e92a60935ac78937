from frappe.model.document import Document


class AgreedAmount(Document):
	pass
