from frappe.model.document import Document


class RoutineAssistanceRequest(Document):
	"""What the customer was asked to provide for one task, and what they said (6.2.e)."""
