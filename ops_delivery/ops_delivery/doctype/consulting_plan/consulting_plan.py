from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.consulting import rules as consulting
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared.stored_texts import StoredTexts


class ConsultingPlan(StoredTexts, Document):
	"""The plan of a consultation and evaluation (6.5.a); see services.consulting.rules."""

	def before_insert(self):
		field_types.cast(self)
		steps.guard(self)
		consulting.begin_plan(self)

	def validate(self):
		consulting.validate_plan(self)
		reviewed.validate(self)
		consulting.guard_plan(self)

	def on_update(self):
		reviewed.on_update(self)

	def on_trash(self):
		reviewed.on_trash(self)
