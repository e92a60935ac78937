from frappe.model.document import Document

from ops_delivery.services import complaints


class ServiceComplaint(Document):
	"""A customer's complaint, handled by somebody independent (5.4.d); see services.complaints."""

	def before_validate(self):
		complaints.before_validate(self)

	def validate(self):
		complaints.validate(self)

	def after_insert(self):
		complaints.after_insert(self)

	def on_update(self):
		complaints.on_update(self)

	def on_trash(self):
		complaints.on_trash(self)
