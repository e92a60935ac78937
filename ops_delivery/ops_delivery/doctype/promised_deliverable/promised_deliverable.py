from frappe.model.document import Document


class PromisedDeliverable(Document):
	"""What an agreement promises to deliver, and when (5.3.e, 8.2.b); see services.agreements.promises."""
