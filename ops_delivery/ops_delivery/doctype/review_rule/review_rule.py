from frappe.model.document import Document

from ops_delivery.services import review_rules


class ReviewRule(Document):
	def validate(self):
		review_rules.check(self)
