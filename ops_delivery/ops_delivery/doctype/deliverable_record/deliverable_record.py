from frappe.model.document import Document


class DeliverableRecord(Document):
	"""What a deliverable was made of, or what proves a result; see services.deliverables.proofs."""
