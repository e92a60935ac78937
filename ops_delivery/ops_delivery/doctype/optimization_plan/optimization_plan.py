from frappe.model.document import Document

from ops_delivery.services import optimization


class OptimizationPlan(Document):
	"""What is improved, how, and whether it held; see services.optimization."""

	def before_validate(self):
		optimization.prepare(self)

	def validate(self):
		optimization.validate(self)

	def on_trash(self):
		optimization.on_trash(self)
