from frappe.model.document import Document


class DeliveryPlanDuty(Document):
	pass
