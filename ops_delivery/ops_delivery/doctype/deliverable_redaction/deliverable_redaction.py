from frappe.model.document import Document


class DeliverableRedaction(Document):
	"""What was taken out of a redacted copy, without saying it (8.2.c.2)."""
