from frappe.model.document import Document

from ops_delivery.services.improvements import rules as improvement_rules


class ImprovementAction(Document):
	"""What went wrong, why, what is done about it and whether it helped (5.5); see services.improvements.steps."""

	def validate(self):
		improvement_rules.validate(self)

	def on_update(self):
		improvement_rules.on_update(self)

	def on_trash(self):
		improvement_rules.on_trash(self)
