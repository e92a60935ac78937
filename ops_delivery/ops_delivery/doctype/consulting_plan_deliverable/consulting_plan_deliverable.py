from frappe.model.document import Document


class ConsultingPlanDeliverable(Document):
	pass
