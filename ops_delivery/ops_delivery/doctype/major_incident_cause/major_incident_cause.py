from frappe.model.document import Document


class MajorIncidentCause(Document):
	"""A chain of causes: one bone of the fishbone, with up to five whys (8.4.b.3)."""
