from frappe.model.document import Document


class DispatchNeededSkill(Document):
	pass
