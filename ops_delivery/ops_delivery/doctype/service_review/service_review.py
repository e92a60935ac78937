import frappe
from frappe.model.document import Document

from ops_delivery.services.reviews import evidence as review_evidence


class ServiceReview(Document):
	"""What one rule asks about one content, and what was decided. Opened and decided by services.reviews.standing only."""

	def validate(self):
		review_evidence.check_review(self)

	def on_update(self):
		review_evidence.follow_participants(self)

	def on_trash(self):
		review_evidence.refuse_deletion(self)


def on_doctype_update():
	frappe.db.add_index("Service Review", ["reference_doctype", "reference_name", "state"])
