from frappe.model.document import Document


class DeliverableReader(Document):
	"""Somebody who is named as a reader of a deliverable, of either party (8.2.c.2)."""
