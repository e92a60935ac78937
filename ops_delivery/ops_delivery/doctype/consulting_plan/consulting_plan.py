from frappe.model.document import Document

from ops_delivery.services import consulting


class ConsultingPlan(Document):
	"""The plan of a consultation and evaluation (6.5.a); see services.consulting."""

	def validate(self):
		consulting.validate_plan(self)
