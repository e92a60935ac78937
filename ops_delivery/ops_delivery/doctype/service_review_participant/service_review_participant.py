from frappe.model.document import Document

from ops_delivery.services.reviews import evidence as review_evidence


class ServiceReviewParticipant(Document):
	"""A line of a Service Review. It is written with its review; by itself it cannot be saved or deleted."""

	def validate(self):
		review_evidence.refuse_line_by_itself(self)

	def on_trash(self):
		review_evidence.refuse_line_by_itself(self)
