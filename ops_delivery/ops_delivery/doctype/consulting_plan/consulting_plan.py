from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services import consulting, field_types, reviewed
from ops_delivery.services.stored_texts import StoredTexts


class ConsultingPlan(StoredTexts, Document):
	"""The plan of a consultation and evaluation (6.5.a); see services.consulting."""

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
