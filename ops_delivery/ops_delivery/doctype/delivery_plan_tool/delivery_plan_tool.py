from frappe.model.document import Document


class DeliveryPlanTool(Document):
	pass
