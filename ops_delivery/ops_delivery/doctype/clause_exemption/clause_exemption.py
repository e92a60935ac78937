from frappe.model.document import Document


class ClauseExemption(Document):
	"""A clause that does not apply to an agreement, with who said so and who reviewed it; see services.evidence.exemptions."""
