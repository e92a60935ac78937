from frappe.model.document import Document


class ServicePosting(Document):
	"""What somebody sent, by its fingerprint. Written by services.scope.once only."""
