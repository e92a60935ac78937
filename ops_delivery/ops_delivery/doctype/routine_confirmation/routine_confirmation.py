from frappe.model.document import Document


class RoutineConfirmation(Document):
	"""What was said of a requirement before a task began (6.2.c)."""
