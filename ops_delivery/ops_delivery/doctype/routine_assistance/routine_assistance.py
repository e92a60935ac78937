from frappe.model.document import Document


class RoutineAssistance(Document):
	"""What the customer is asked to provide for each task of a schedule (6.2.e)."""
