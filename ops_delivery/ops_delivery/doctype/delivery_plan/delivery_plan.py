from frappe.model.document import Document

from ops_delivery.services import plans


class DeliveryPlan(Document):
	def before_validate(self):
		plans.fill(self)

	def validate(self):
		plans.validate(self)

	def on_update(self):
		plans.on_update(self)

	def on_trash(self):
		plans.on_trash(self)
