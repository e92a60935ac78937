from frappe.model.document import Document

from ops_delivery.services import conditions, failing, survey_rules


class SurveyRule(Document):
	"""Who is asked what, after which work; see services.survey_rules."""

	def validate(self):
		survey_rules.check(self)
		failing.written_anew(self)

	def on_update(self):
		conditions.say_where_they_fail(self)
