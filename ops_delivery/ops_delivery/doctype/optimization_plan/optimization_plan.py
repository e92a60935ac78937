from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.optimization import rules as optimization
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared.stored_texts import StoredTexts


class OptimizationPlan(StoredTexts, Document):
	"""What is improved, how, and whether it held; see services.optimization.rules and services.reviews.phase_guard."""

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
