from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services import field_types, optimization, reviewed
from ops_delivery.services.stored_texts import StoredTexts


class OptimizationPlan(StoredTexts, Document):
	"""What is improved, how, and whether it held; see services.optimization and services.reviewed."""

	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		optimization.prepare(self)

	def validate(self):
		optimization.validate(self)
		reviewed.validate(self)
		optimization.follow_phase(self)

	def on_update(self):
		reviewed.on_update(self)

	def on_trash(self):
		optimization.on_trash(self)
		reviewed.on_trash(self)
