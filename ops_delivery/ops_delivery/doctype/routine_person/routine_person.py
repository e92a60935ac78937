from frappe.model.document import Document


class RoutinePerson(Document):
	pass
