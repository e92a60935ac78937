from frappe.model.document import Document

from ops_delivery.services.surveys import evidence as survey_evidence


class SurveyAnswer(Document):
	"""The answer to one question; see Survey Response."""

	def validate(self):
		survey_evidence.refuse_change(self)

	def on_trash(self):
		survey_evidence.refuse_change(self)
