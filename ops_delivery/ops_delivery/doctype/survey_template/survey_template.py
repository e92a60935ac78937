from frappe.model.document import Document

from ops_delivery.services.surveys import templates as survey_templates


class SurveyTemplate(Document):
	"""What a survey asks; see services.surveys.templates."""

	def validate(self):
		survey_templates.check(self)

	def on_update(self):
		survey_templates.publish(self)
