from frappe.model.document import Document


class DeliverableStep(Document):
	"""One step of a deliverable's life: what, who, when; written by services.deliverables.steps."""
