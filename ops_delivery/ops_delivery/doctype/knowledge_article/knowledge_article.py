from frappe.model.document import Document

from ops_delivery.services.knowledge import rules, steps
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared.stored_texts import StoredTexts


class KnowledgeArticle(StoredTexts, Document):
	"""What is known of a symptom and what helps, for people inside or for customers (5.3.f); see services.knowledge.rules."""

	def validate(self):
		rules.validate(self)
		reviewed.validate(self)
		rules.guard(self)

	def on_update(self):
		reviewed.on_update(self)
		steps.follow(self)

	def on_trash(self):
		reviewed.on_trash(self)
