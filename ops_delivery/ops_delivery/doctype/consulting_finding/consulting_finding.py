from frappe.model.document import Document


class ConsultingFinding(Document):
	pass
