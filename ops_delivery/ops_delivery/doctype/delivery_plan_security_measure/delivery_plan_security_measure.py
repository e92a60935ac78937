from frappe.model.document import Document


class DeliveryPlanSecurityMeasure(Document):
	pass
