from frappe.model.document import Document

from ops_delivery.services.optimization import trial_readings


class TrialReading(Document):
	"""One value measured during the trial run of an optimization plan; see services.optimization.trial_readings."""

	def validate(self):
		trial_readings.check(self)

	def on_trash(self):
		trial_readings.refuse_deletion(self)
