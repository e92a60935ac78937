from frappe.model.document import Document

from ops_delivery.services import survey_templates


class SurveyTemplate(Document):
	"""What a survey asks; see services.survey_templates."""

	def validate(self):
		survey_templates.check(self)

	def on_update(self):
		survey_templates.publish(self)
