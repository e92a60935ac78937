from frappe.model.document import Document


class MajorIncidentClock(Document):
	"""A clock of the request as it stood (5.3.d)."""
