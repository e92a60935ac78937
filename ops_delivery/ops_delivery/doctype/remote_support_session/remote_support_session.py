from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services import field_types, visit_repeats, visits
from ops_delivery.services.stored_texts import StoredTexts


class RemoteSupportSession(StoredTexts, Document):
	"""A remote session, from its preparation to its follow-up (7.3); see services.visits."""

	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		visits.before_validate(self)

	def validate(self):
		visits.validate(self)

	def on_update(self):
		visits.on_update(self)

	def on_trash(self):
		visits.on_trash(self)

	def on_recurring(self, reference_doc, auto_repeat_doc):
		visit_repeats.plan(self, auto_repeat_doc.next_schedule_date)
