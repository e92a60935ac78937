from frappe.model.document import Document


class OpsDeliverySettings(Document):
	pass
