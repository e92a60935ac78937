from frappe.model.document import Document


class ConsultingPlanTopic(Document):
	pass
