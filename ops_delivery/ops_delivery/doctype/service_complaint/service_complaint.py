from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.complaints import rules as complaint_rules
from ops_delivery.services.shared import field_types


class ServiceComplaint(Document):
	"""A customer's complaint, handled by somebody independent (5.4.d); see services.complaints.steps."""

	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		complaint_rules.before_validate(self)

	def validate(self):
		complaint_rules.validate(self)

	def after_insert(self):
		complaint_rules.after_insert(self)

	def on_update(self):
		complaint_rules.on_update(self)

	def on_trash(self):
		complaint_rules.on_trash(self)
