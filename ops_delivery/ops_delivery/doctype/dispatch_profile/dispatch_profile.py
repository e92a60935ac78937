from frappe.model.document import Document

from ops_delivery.services import dispatch_people


class DispatchProfile(Document):
	"""What dispatch knows of an engineer: hours, skills, absences, travel; see services.dispatch_people."""

	def validate(self):
		dispatch_people.check_profile(self)
