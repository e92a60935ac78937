from frappe.model.document import Document


class RoutineObject(Document):
	pass
