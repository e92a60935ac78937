from frappe.model.document import Document


class MajorIncidentMeasure(Document):
	"""What is done so that it does not happen again; carried out as an Improvement Action (5.5.b)."""
