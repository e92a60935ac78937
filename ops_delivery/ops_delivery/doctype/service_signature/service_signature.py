import frappe
from frappe.model.document import Document

from ops_delivery.services.reviews import evidence as review_evidence


class ServiceSignature(Document):
	"""A party's signature under a document's content. Written by services.reviews.signatures only: it is evidence."""

	def validate(self):
		review_evidence.check_signature(self)

	def on_trash(self):
		review_evidence.refuse_deletion(self)


def on_doctype_update():
	frappe.db.add_index("Service Signature", ["reference_doctype", "reference_name", "state"])
