from frappe.model.document import Document


class DeliveryPlanFund(Document):
	pass
