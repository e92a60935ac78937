from frappe.model.document import Document

from ops_delivery.services import membership


class ServiceMembershipChange(Document):
	"""Who became a member of a customer, or is one no more. Written by services.membership only."""

	def validate(self):
		membership.check_change(self)

	def on_trash(self):
		membership.refuse_deletion(self)
