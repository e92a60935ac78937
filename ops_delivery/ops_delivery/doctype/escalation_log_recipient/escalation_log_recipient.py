from frappe.model.document import Document


class EscalationLogRecipient(Document):
	pass
