from frappe.model.document import Document


class DeliveryPlanConsensus(Document):
	pass
