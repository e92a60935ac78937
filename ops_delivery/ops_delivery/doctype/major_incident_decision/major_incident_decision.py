from frappe.model.document import Document


class MajorIncidentDecision(Document):
	"""That a request was found, declared, withdrawn or found again as a major incident."""
