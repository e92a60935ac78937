from frappe.model.document import Document


class ConsultingPlanGoal(Document):
	pass
