from frappe.model.document import Document


class ConsultingFollowup(Document):
	pass
