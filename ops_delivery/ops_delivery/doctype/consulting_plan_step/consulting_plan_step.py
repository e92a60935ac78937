from frappe.model.document import Document


class ConsultingPlanStep(Document):
	pass
