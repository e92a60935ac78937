from frappe.model.document import Document


class ConsultingPlanCommunication(Document):
	pass
