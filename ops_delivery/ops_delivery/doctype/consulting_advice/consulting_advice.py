from frappe.model.document import Document


class ConsultingAdvice(Document):
	pass
