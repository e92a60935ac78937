from frappe.model.document import Document


class EscalationLog(Document):
	pass
