from frappe.model.document import Document


class CustomerGroupSwitch(Document):
	pass
