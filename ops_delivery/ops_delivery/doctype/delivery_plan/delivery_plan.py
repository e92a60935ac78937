from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.plans import rules as plans
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared.stored_texts import StoredTexts


class DeliveryPlan(StoredTexts, Document):
	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		plans.fill(self)

	def validate(self):
		plans.validate(self)

	def on_update(self):
		plans.on_update(self)

	def on_trash(self):
		plans.on_trash(self)
