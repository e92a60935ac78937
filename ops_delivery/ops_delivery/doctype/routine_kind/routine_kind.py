from frappe.model.document import Document


class RoutineKind(Document):
	pass
