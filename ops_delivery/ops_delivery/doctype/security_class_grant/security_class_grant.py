from frappe.model.document import Document


class SecurityClassGrant(Document):
	"""What a role, or who is named on a deliverable, may do with deliverables of a class (8.2.c.2)."""
