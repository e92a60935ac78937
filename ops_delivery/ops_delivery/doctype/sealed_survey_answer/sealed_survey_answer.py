from frappe.model.document import Document


class SealedSurveyAnswer(Document):
	"""One anonymous sheet of a Survey Round, encrypted; see services.surveys.seals."""
