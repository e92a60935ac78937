from frappe.model.document import Document


class DeliveryPlanTemplateActivity(Document):
	pass
