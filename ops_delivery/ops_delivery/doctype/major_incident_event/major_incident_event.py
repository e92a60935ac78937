from frappe.model.document import Document


class MajorIncidentEvent(Document):
	"""A line of a major incident's course: taken from the records, or written by hand (8.4.b.3)."""
