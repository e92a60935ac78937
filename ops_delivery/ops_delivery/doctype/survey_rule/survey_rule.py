from frappe.model.document import Document

from ops_delivery.services.rules import conditions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.surveys import rules as survey_rules


class SurveyRule(Document):
	"""Who is asked what, after which work; see services.surveys.rules."""

	def validate(self):
		survey_rules.check(self)
		failing.written_anew(self)

	def on_update(self):
		conditions.say_where_they_fail(self)
