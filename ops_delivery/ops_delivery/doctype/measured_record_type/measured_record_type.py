from frappe.model.document import Document


class MeasuredRecordType(Document):
	pass
