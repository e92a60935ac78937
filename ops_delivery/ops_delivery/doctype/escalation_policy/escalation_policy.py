from frappe.model.document import Document

from ops_delivery.services import policy_rules


class EscalationPolicy(Document):
	"""Who is told when a promised time comes near or has passed (clause 6.3.e)."""

	def validate(self):
		policy_rules.check(self)

	def on_update(self):
		policy_rules.publish_revision(self)
