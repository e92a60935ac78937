from frappe.model.document import Document


class DeliveryPlanDocument(Document):
	pass
