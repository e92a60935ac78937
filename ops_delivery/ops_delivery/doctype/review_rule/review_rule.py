from frappe.model.document import Document

from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.rules import conditions
from ops_delivery.services.rules import failing_conditions as failing


class ReviewRule(Document):
	def validate(self):
		review_rules.check(self)
		failing.written_anew(self)

	def on_update(self):
		conditions.say_where_they_fail(self)
