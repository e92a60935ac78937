from frappe.model.document import Document

from ops_delivery.services import trial_runs


class TrialReading(Document):
	"""One value measured during the trial run of an optimization plan; see services.trial_runs."""

	def validate(self):
		trial_runs.check_reading(self)

	def on_trash(self):
		trial_runs.refuse_deletion(self)
