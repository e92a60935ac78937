from frappe.model.document import Document

from ops_delivery.services.plans import templates as plan_templates


class DeliveryPlanTemplate(Document):
	def validate(self):
		plan_templates.validate(self)
