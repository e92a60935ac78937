from frappe.model.document import Document


class ClockDefinition(Document):
	pass
