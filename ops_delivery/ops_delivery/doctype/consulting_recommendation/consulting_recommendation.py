from frappe.model.document import Document

from ops_delivery.services.consulting import recommendation_rules, recommendations


class ConsultingRecommendation(Document):
	"""What a report recommends, as a dated obligation (6.5.d); see services.consulting.recommendations."""

	def validate(self):
		recommendation_rules.validate(self)

	def on_update(self):
		recommendations.on_update(self)

	def on_trash(self):
		recommendations.on_trash(self)

	def after_delete(self):
		recommendations.after_delete(self)
