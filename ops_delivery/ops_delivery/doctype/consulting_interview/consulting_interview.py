from frappe.model.document import Document


class ConsultingInterview(Document):
	pass
