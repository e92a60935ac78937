from frappe.model.document import Document

from ops_delivery.services.agreements import switched_off
from ops_delivery.services.clocks import change_question
from ops_delivery.services.rules import policy_publishing as policy_rules


class EscalationPolicy(Document):
	"""Who is told when a promised time comes near or has passed (clause 6.3.e)."""

	def __setup__(self):
		# Frappe would fill an empty Time field with the present time
		self.dont_update_if_missing = ["quiet_from", "quiet_to"]

	def validate(self):
		policy_rules.check(self)
		change_question.ask(self)

	def onload(self):
		policy_rules.show_pending(self)

	def on_update(self):
		policy_rules.publish_revision(self)
		switched_off.follow(self)

	def on_trash(self):
		switched_off.refuse_deletion(self)
