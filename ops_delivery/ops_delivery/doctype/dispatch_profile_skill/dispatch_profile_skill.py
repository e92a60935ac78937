from frappe.model.document import Document


class DispatchProfileSkill(Document):
	pass
