from frappe.model.document import Document


class ServiceComplaintRound(Document):
	pass
