from frappe.model.document import Document

from ops_delivery.services.routine import schedules


class RoutineSchedule(Document):
	"""When which routine work is done, on what, by whom (6.2.a); see services.routine.schedules."""

	def validate(self):
		schedules.validate(self)

	def on_update(self):
		schedules.follow(self)
