from frappe.model.document import Document


class ConsultingPlanRequirement(Document):
	pass
