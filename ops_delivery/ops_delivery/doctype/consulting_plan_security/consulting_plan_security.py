from frappe.model.document import Document


class ConsultingPlanSecurity(Document):
	pass
