from frappe.model.document import Document


class ConsultingRequirement(Document):
	pass
