from frappe.model.document import Document

from ops_delivery.services.agreements import promise_gaps, switched_off
from ops_delivery.services.rules import priority_scales as scales


class PriorityMatrix(Document):
	"""Urgency × importance → priority (clause 6.3.d)."""

	def validate(self):
		scales.check_matrix(self)
		promise_gaps.say(self)

	def on_update(self):
		switched_off.follow(self)

	def on_trash(self):
		switched_off.refuse_deletion(self)
