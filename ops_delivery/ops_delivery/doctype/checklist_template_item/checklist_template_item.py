from frappe.model.document import Document


class ChecklistTemplateItem(Document):
	pass
