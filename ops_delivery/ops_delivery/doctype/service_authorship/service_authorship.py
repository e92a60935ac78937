import frappe
from frappe.model.document import Document

from ops_delivery.services.reviews import evidence as review_evidence


class ServiceAuthorship(Document):
	"""Who wrote on which version of a reviewed document. Written by services.reviews.content only."""

	def validate(self):
		review_evidence.check_authorship(self)

	def on_trash(self):
		review_evidence.refuse_deletion(self)


def on_doctype_update():
	frappe.db.add_index("Service Authorship", ["reference_doctype", "reference_name", "version"])
