import frappe
from frappe.model.document import Document

from ops_delivery.services.routine import object_states, reading_days


class RoutineReading(Document):
	"""What was found at one step on one object; written by services.routine.readings alone."""

	def after_delete(self):
		object_states.recompute([(self.service_object, self.step_key)])
		reading_days.note([self])


def on_doctype_update():
	frappe.db.add_unique("Routine Reading", ["task", "service_object", "step_key"], constraint_name="ops_once_a_step")
	# a series in its order; with what its course and its states ask for, so that a long one is read from the index alone
	series = ["service_object", "step_key", "read_on", "is_number", "number", "verdict", "customer"]
	frappe.db.add_index("Routine Reading", series, "ops_course")
