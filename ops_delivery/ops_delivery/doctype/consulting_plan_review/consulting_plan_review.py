from frappe.model.document import Document


class ConsultingPlanReview(Document):
	pass
