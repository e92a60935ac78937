from frappe.model.document import Document


class RoutineRequirement(Document):
	"""What must be met before the work begins (6.2.c)."""
