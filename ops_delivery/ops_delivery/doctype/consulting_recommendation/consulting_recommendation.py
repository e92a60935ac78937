from frappe.model.document import Document

from ops_delivery.services import recommendations


class ConsultingRecommendation(Document):
	"""What a report recommends, as a dated obligation (6.5.d); see services.recommendations."""

	def validate(self):
		recommendations.validate(self)

	def on_trash(self):
		recommendations.on_trash(self)
