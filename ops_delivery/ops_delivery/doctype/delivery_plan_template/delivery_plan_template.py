from frappe.model.document import Document

from ops_delivery.services import plan_templates


class DeliveryPlanTemplate(Document):
	def validate(self):
		plan_templates.validate(self)
