from frappe.model.document import Document


class ConsultingPlanPerson(Document):
	pass
