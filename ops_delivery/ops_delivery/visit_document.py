"""What the controllers of a visit and of a remote session share (7.2, 7.3); the rules are services.visits.rules'."""

from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.shared import field_types
from ops_delivery.services.shared.stored_texts import StoredTexts
from ops_delivery.services.visits import recorded
from ops_delivery.services.visits import repeats as visit_repeats
from ops_delivery.services.visits import rules as visits


class VisitDocument(StoredTexts, Document):
	"""A visit or session, from its preparation to its follow-up."""

	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		visits.before_validate(self)

	def validate(self):
		visits.validate(self)

	def on_update(self):
		visits.on_update(self)
		recorded.tell(self)

	def on_trash(self):
		visits.on_trash(self)

	def on_recurring(self, reference_doc, auto_repeat_doc):
		visit_repeats.plan(self, auto_repeat_doc.next_schedule_date)
