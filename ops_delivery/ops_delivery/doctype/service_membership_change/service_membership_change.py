from frappe.model.document import Document

from ops_delivery.services.administration import membership


class ServiceMembershipChange(Document):
	"""Who became a member of a customer, or is one no more. Written by services.administration.membership only."""

	def validate(self):
		membership.check_change(self)

	def on_trash(self):
		membership.refuse_deletion(self)
