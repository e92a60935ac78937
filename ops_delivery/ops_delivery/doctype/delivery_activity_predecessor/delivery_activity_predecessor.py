from frappe.model.document import Document


class DeliveryActivityPredecessor(Document):
	pass
