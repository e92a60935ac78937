from frappe.model.document import Document

from ops_delivery.services.visits import engineers as dispatch_people


class DispatchProfile(Document):
	"""What dispatch knows of an engineer: hours, skills, absences, travel; see services.visits.engineers."""

	def validate(self):
		dispatch_people.check_profile(self)
