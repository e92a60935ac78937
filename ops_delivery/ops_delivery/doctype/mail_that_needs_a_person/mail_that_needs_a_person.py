from frappe.model.document import Document


class MailThatNeedsaPerson(Document):
	pass
