from frappe.model.document import Document


class ServiceReportTemplateSection(Document):
	"""A section of a service report template: whether it is shown, under which heading, and what introduces it."""
