from frappe.model.document import Document

from ops_delivery.services import conditions, failing, review_rules


class ReviewRule(Document):
	def validate(self):
		review_rules.check(self)
		failing.written_anew(self)

	def on_update(self):
		conditions.say_where_they_fail(self)
