from frappe.model.document import Document

from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.routine import manuals
from ops_delivery.services.shared.stored_texts import StoredTexts


class OperationManual(StoredTexts, Document):
	"""How a kind of routine work is done, and when a state is normal (6.2.b); see services.routine.manuals."""

	def validate(self):
		manuals.validate(self)
		reviewed.validate(self)
		manuals.guard(self)

	def on_update(self):
		reviewed.on_update(self)
		manuals.follow(self)

	def on_trash(self):
		reviewed.on_trash(self)
