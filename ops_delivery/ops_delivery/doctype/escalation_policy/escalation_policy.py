from frappe.model.document import Document


class EscalationPolicy(Document):
	pass
