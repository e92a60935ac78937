from frappe.model.document import Document

from ops_delivery.services import consulting, reviewed
from ops_delivery.services.stored_texts import StoredTexts


class ConsultingReport(StoredTexts, Document):
	"""The report of a consultation and evaluation (6.5.b); see services.consulting."""

	def validate(self):
		consulting.validate_report(self)
		reviewed.validate(self)
		consulting.guard_report(self)

	def on_update(self):
		reviewed.on_update(self)

	def on_trash(self):
		reviewed.on_trash(self)
