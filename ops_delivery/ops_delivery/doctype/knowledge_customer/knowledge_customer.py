from frappe.model.document import Document


class KnowledgeCustomer(Document):
	pass
