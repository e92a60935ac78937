from frappe.model.document import Document


class DeliveryPlanStaff(Document):
	pass
