from frappe.model.document import Document


class ServiceReportSection(Document):
	"""A section of a service report: its heading, the figures as they were made, and what the compiler says about them."""
