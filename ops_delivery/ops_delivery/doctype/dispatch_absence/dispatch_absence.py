from frappe.model.document import Document


class DispatchAbsence(Document):
	pass
