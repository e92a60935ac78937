from frappe.model.document import Document


class ServiceClockTrigger(Document):
	pass
