import frappe
from frappe.model.document import Document


class RoutineReading(Document):
	"""What was found at one step on one object; written by services.routine.readings alone."""


def on_doctype_update():
	frappe.db.add_unique("Routine Reading", ["task", "service_object", "step_key"], constraint_name="ops_once_a_step")
	frappe.db.add_index("Routine Reading", ["service_object", "step_key", "read_on"], "ops_series")
