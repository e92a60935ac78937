from frappe.model.document import Document

from ops_delivery.services.incidents import rules
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.stored_texts import StoredTexts


class MajorIncidentReport(StoredTexts, Document):
	"""What happened, why, and what follows, of one major incident (8.4.b.3); see services.incidents."""

	def validate(self):
		rules.validate(self)
		reviewed.validate(self)
		rules.guard(self)

	def on_update(self):
		reviewed.on_update(self)
		rules.follow(self)

	def on_trash(self):
		reviewed.on_trash(self)
