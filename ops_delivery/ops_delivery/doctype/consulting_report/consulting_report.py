from frappe.model.document import Document

from ops_delivery.services import consulting


class ConsultingReport(Document):
	"""The report of a consultation and evaluation (6.5.b); see services.consulting."""

	def validate(self):
		consulting.validate_report(self)
