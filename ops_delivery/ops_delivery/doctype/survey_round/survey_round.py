from frappe.model.document import Document

from ops_delivery.services.surveys import rounds as survey_rounds


class SurveyRound(Document):
	"""What the people of a customer are asked together; see services.surveys.rounds."""

	def validate(self):
		survey_rounds.check(self)
