from frappe.model.document import Document


class ConsultingPlanCost(Document):
	pass
