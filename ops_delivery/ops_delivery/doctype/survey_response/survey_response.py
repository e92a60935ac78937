from frappe.model.document import Document

from ops_delivery.services.surveys import evidence as survey_evidence


class SurveyResponse(Document):
	"""What one person answered. Evidence: written once by services.surveys.answering, changed by nobody."""

	def validate(self):
		survey_evidence.refuse_change(self)

	def on_trash(self):
		survey_evidence.refuse_change(self)
