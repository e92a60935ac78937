from frappe.model.document import Document


class EvidenceSnapshot(Document):
	"""The verdicts of an agreement and a period as they were computed; written by services.evidence.snapshots alone."""
