from frappe.model.document import Document

from ops_delivery.services.consulting import report_rules
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.stored_texts import StoredTexts


class ConsultingReport(StoredTexts, Document):
	"""The report of a consultation and evaluation (6.5.b); see services.consulting.rules."""

	def validate(self):
		report_rules.validate_report(self)
		reviewed.validate(self)
		report_rules.guard_report(self)

	def on_update(self):
		reviewed.on_update(self)

	def on_trash(self):
		reviewed.on_trash(self)
