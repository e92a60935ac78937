from frappe.model.document import Document


class DeliverableFile(Document):
	"""A private file of a deliverable; see services.deliverables.files."""
