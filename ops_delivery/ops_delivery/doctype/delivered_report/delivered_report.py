from frappe.model.document import Document


class DeliveredReport(Document):
	pass
